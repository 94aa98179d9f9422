(module (func (param v128 v128) (result v128)
  (i16x8.relaxed_dot_i8x16_i7x16_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i16x8.relaxed_dot_from.i8x16
;;       20  vpsllw xmm2, xmm0, 8
;;       25  vpsraw xmm2, xmm2, 8
;;       2a  vpsllw xmm15, xmm1, 8
;;       2f  vpsraw xmm15, xmm15, 8
;;       35  vpmullw xmm2, xmm2, xmm15
;;       3a  vpsraw xmm3, xmm0, 8
;;       3f  vpsraw xmm15, xmm1, 8
;;       44  vpmullw xmm3, xmm3, xmm15
;;       49  vpaddw xmm2, xmm2, xmm3
;;   br .return
;;       4d  movaps xmm0, xmm2
;;       50  ret
