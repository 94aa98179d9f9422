(module (func (param v128 v128 i32) (result v128)
  (select (local.get 0) (local.get 1) (local.get 2))))
;; becomes
;; func 0 @0x1a
;;   pick 0
;;   pick 1
;;   pick 2
;;   select
;;        0  movaps xmm2, xmm0
;;        3  test edi, edi
;;        5  jne short 0Ah
;;        7  movaps xmm2, xmm1
;;   br .return
;;        a  movaps xmm0, xmm2
;;        d  ret
