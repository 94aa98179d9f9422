(module (func (param v128 i32) (result v128)
  (i8x16.shr_u (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   u8x16.shr
;;   br .return
;;        0  mov r11d, edi
;;        3  and r11d, 7
;;        7  add r11d, 8
;;        b  vmovd xmm15, r11d
;;       10  vpcmpeqd xmm2, xmm2, xmm2
;;       14  vpsrlw xmm2, xmm2, xmm15
;;       19  vpackuswb xmm2, xmm2, xmm2
;;       1d  sub r11d, 8
;;       21  vmovd xmm15, r11d
;;       26  vpsrlw xmm1, xmm0, xmm15
;;       2b  vpand xmm1, xmm1, xmm2
;;       2f  movaps xmm0, xmm1
;;       32  ret
