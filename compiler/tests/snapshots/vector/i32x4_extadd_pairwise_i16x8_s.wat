(module (func (param v128) (result v128)
  (i32x4.extadd_pairwise_i16x8_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32x4.extadd_pairwise_from.i16x8
;;       20  vpmaddwd xmm1, xmm0, [rip+8]
;;   br .return
;;       28  movaps xmm0, xmm1
;;       2b  ret
;;       2c  int3
;;       2d  int3
;;       2e  int3
;;       2f  int3
;;       30  do 00010001000100010001000100010001h
