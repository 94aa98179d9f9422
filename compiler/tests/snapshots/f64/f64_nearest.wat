(module (func (param f64) (result f64)
  (f64.nearest (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f64.nearest
;;        0  vroundsd xmm1, xmm0, xmm0, 8
;;   br .return
;;        6  movaps xmm0, xmm1
;;        9  ret
