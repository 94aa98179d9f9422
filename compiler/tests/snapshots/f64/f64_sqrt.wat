(module (func (param f64) (result f64)
  (f64.sqrt (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f64.sqrt
;;       20  sqrtsd xmm1, xmm0
;;   br .return
;;       25  movaps xmm0, xmm1
;;       29  ret
