(module (func (param v128 i32) (result v128)
  (i64x2.shr_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i64x2.shr
;;       20  mov r11d, edi
;;       23  and r11d, 3Fh
;;       27  vmovd xmm15, r11d
;;       2c  vpcmpeqd xmm2, xmm2, xmm2
;;       30  vpsllq xmm2, xmm2, 3Fh
;;       35  vpsrlq xmm2, xmm2, xmm15
;;       3a  vpsrlq xmm1, xmm0, xmm15
;;       3f  vpxor xmm1, xmm1, xmm2
;;       43  vpsubq xmm1, xmm1, xmm2
;;   br .return
;;       47  movaps xmm0, xmm1
;;       4a  ret
