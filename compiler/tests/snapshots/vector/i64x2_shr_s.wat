(module (func (param v128 i32) (result v128)
  (i64x2.shr_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i64x2.shr
;;   br .return
;;        0  mov r11d, edi
;;        3  and r11d, 3Fh
;;        7  vmovd xmm15, r11d
;;        c  vpcmpeqd xmm2, xmm2, xmm2
;;       10  vpsllq xmm2, xmm2, 3Fh
;;       15  vpsrlq xmm2, xmm2, xmm15
;;       1a  vpsrlq xmm1, xmm0, xmm15
;;       1f  vpxor xmm1, xmm1, xmm2
;;       23  vpsubq xmm1, xmm1, xmm2
;;       27  movaps xmm0, xmm1
;;       2a  ret
