(module (func (param v128 i32) (result v128)
  (i8x16.shl (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i8x16.shl
;;       20  mov r11d, edi
;;       23  and r11d, 7
;;       27  add r11d, 8
;;       2b  vmovd xmm15, r11d
;;       30  vpcmpeqd xmm2, xmm2, xmm2
;;       34  vpsrlw xmm2, xmm2, xmm15
;;       39  vpackuswb xmm2, xmm2, xmm2
;;       3d  sub r11d, 8
;;       41  vmovd xmm15, r11d
;;       46  vpand xmm1, xmm0, xmm2
;;       4a  vpsllw xmm1, xmm1, xmm15
;;   br .return
;;       4f  movaps xmm0, xmm1
;;       52  ret
