(module (func (param v128 v128) (result v128)
  (i16x8.relaxed_dot_i8x16_i7x16_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i16x8.relaxed_dot_from.i8x16
;;   br .return
;;        0  vpsllw xmm2, xmm0, 8
;;        5  vpsraw xmm2, xmm2, 8
;;        a  vpsllw xmm15, xmm1, 8
;;        f  vpsraw xmm15, xmm15, 8
;;       15  vpmullw xmm2, xmm2, xmm15
;;       1a  vpsraw xmm3, xmm0, 8
;;       1f  vpsraw xmm15, xmm1, 8
;;       24  vpmullw xmm3, xmm3, xmm15
;;       29  vpaddw xmm2, xmm2, xmm3
;;       2d  movaps xmm0, xmm2
;;       30  ret
