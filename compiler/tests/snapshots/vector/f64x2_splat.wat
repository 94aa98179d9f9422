(module (func (param f64) (result v128)
  (f64x2.splat (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f64x2.splat
;;   br .return
;;        0  vmovddup xmm1, xmm0
;;        4  movaps xmm0, xmm1
;;        7  ret
