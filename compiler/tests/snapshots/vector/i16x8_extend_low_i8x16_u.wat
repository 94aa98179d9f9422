(module (func (param v128) (result v128)
  (i16x8.extend_low_i8x16_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i16x8.extend_low_from.u8x16
;;   br .return
;;        0  vpmovzxbw xmm1, xmm0
;;        5  movaps xmm0, xmm1
;;        8  ret
