(module (func (param v128) (result v128)
  (i32x4.extadd_pairwise_i16x8_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32x4.extadd_pairwise_from.u16x8
;;   br .return
;;        0  vpxor xmm1, xmm0, [rip+18h]
;;        8  vpmaddwd xmm1, xmm1, [rip+20h]
;;       10  vpaddd xmm1, xmm1, [rip+28h]
;;       18  movaps xmm0, xmm1
;;       1b  ret
