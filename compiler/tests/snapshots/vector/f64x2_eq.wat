(module (func (param v128 v128) (result v128)
  (f64x2.eq (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f64x2.eq
;;   br .return
;;        0  vcmpeqpd xmm2, xmm0, xmm1
;;        5  movaps xmm0, xmm2
;;        8  ret
