(module (func (param v128 v128) (result v128)
  (i16x8.extmul_high_i8x16_u (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i16x8.extmul_high_from.u8x16
;;   br .return
;;        0  xorps xmm3, xmm3
;;        3  vpunpckhbw xmm2, xmm0, xmm3
;;        7  vpunpckhbw xmm15, xmm1, xmm3
;;        b  vpmullw xmm2, xmm2, xmm15
;;       10  movaps xmm0, xmm2
;;       13  ret
