(module (func (param v128 v128 i32) (result v128)
  (select (local.get 0) (local.get 1) (local.get 2))))
;; becomes
;; func 0 @0x1a
;;   pick 0
;;   pick 1
;;   pick 2
;;   select
;;       20  movaps xmm2, xmm0
;;       23  test edi, edi
;;       25  jne near 2Eh
;;       2b  movaps xmm2, xmm1
;;   br .return
;;       2e  movaps xmm0, xmm2
;;       31  ret
