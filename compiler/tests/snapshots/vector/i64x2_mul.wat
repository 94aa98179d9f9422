(module (func (param v128 v128) (result v128)
  (i64x2.mul (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i64x2.mul
;;       20  vpsrlq xmm3, xmm0, 20h
;;       25  vpmuludq xmm3, xmm3, xmm1
;;       29  vpsrlq xmm15, xmm1, 20h
;;       2e  vpmuludq xmm15, xmm15, xmm0
;;       32  vpaddq xmm3, xmm3, xmm15
;;       37  vpsllq xmm3, xmm3, 20h
;;       3c  vpmuludq xmm2, xmm0, xmm1
;;       40  vpaddq xmm2, xmm2, xmm3
;;   br .return
;;       44  movaps xmm0, xmm2
;;       47  ret
