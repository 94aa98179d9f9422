(module (func (param v128) (result v128)
  (i16x8.extadd_pairwise_i8x16_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i16x8.extadd_pairwise_from.i8x16
;;       20  movaps xmm1, [rip+9]
;;       27  vpmaddubsw xmm1, xmm1, xmm0
;;   br .return
;;       2c  movaps xmm0, xmm1
;;       2f  ret
;;       30  do 01010101010101010101010101010101h
