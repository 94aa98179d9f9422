(module (func (param v128) (result v128)
  (i32x4.extadd_pairwise_i16x8_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32x4.extadd_pairwise_from.i16x8
;;   br .return
;;        0  vpmaddwd xmm1, xmm0, [rip+8]
;;        8  movaps xmm0, xmm1
;;        b  ret
