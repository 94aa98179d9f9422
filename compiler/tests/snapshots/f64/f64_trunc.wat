(module (func (param f64) (result f64)
  (f64.trunc (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f64.trunc
;;        0  vroundsd xmm1, xmm0, xmm0, 0Bh
;;   br .return
;;        6  movaps xmm0, xmm1
;;        9  ret
