(module (func (param f64) (result f64)
  (f64.sqrt (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f64.sqrt
;;        0  vsqrtsd xmm1, xmm0, xmm0
;;   br .return
;;        5  movaps xmm0, xmm1
;;        8  ret
