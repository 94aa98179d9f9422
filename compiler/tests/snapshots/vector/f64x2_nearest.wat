(module (func (param v128) (result v128)
  (f64x2.nearest (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f64x2.nearest
;;   br .return
;;        0  vroundpd xmm1, xmm0, 8
;;        6  movaps xmm0, xmm1
;;        9  ret
