(module (func (param v128) (result v128)
  (i32x4.extadd_pairwise_i16x8_u (i16x8.extadd_pairwise_i8x16_u (local.get 0)))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i16x8.extadd_pairwise_from.u8x16
;;   i32x4.extadd_pairwise_from.u16x8
;;        0  vpmaddubsw xmm1, xmm0, [rip+17h]
;;   br .return
;;        9  vpmaddwd xmm1, xmm1, [rip+1Fh]
;;       11  movaps xmm0, xmm1
;;       14  ret
