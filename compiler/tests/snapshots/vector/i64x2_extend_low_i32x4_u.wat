(module (func (param v128) (result v128)
  (i64x2.extend_low_i32x4_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64x2.extend_low_from.u32x4
;;   br .return
;;        0  vpmovzxdq xmm1, xmm0
;;        5  movaps xmm0, xmm1
;;        8  ret
