(module (func (param v128 v128) (result v128)
  (f64x2.pmin (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f64x2.pmin
;;   br .return
;;        0  vminpd xmm2, xmm1, xmm0
;;        4  movaps xmm0, xmm2
;;        7  ret
