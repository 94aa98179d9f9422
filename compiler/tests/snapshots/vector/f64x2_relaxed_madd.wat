(module (func (param v128 v128 v128) (result v128)
  (f64x2.relaxed_madd (local.get 0) (local.get 1) (local.get 2))))
;; becomes
;; func 0 @0x1a
;;   pick 0
;;   pick 1
;;   pick 2
;;   f64x2.relaxed_madd
;;   br .return
;;        0  movaps xmm3, xmm2
;;        3  vfmadd231pd xmm3, xmm0, xmm1
;;        8  movaps xmm0, xmm3
;;        b  ret
