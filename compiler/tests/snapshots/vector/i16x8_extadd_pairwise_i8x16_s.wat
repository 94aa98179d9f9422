(module (func (param v128) (result v128)
  (i16x8.extadd_pairwise_i8x16_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i16x8.extadd_pairwise_from.i8x16
;;   br .return
;;        0  movaps xmm1, [rip+9]
;;        7  vpmaddubsw xmm1, xmm1, xmm0
;;        c  movaps xmm0, xmm1
;;        f  ret
