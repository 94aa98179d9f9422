(module (func (param v128 v128) (result v128)
  (i64x2.mul (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i64x2.mul
;;   br .return
;;        0  vpsrlq xmm3, xmm0, 20h
;;        5  vpmuludq xmm3, xmm3, xmm1
;;        9  vpsrlq xmm15, xmm1, 20h
;;        e  vpmuludq xmm15, xmm15, xmm0
;;       12  vpaddq xmm3, xmm3, xmm15
;;       17  vpsllq xmm3, xmm3, 20h
;;       1c  vpmuludq xmm2, xmm0, xmm1
;;       20  vpaddq xmm2, xmm2, xmm3
;;       24  movaps xmm0, xmm2
;;       27  ret
