(module (func (param v128 v128) (result v128)
  (i16x8.extmul_low_i8x16_u (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i16x8.extmul_low_from.u8x16
;;   br .return
;;        0  vpmovzxbw xmm2, xmm0
;;        5  vpmovzxbw xmm15, xmm1
;;        a  vpmullw xmm2, xmm2, xmm15
;;        f  movaps xmm0, xmm2
;;       12  ret
