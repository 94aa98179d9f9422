(module (func (param f64 f64) (result f64)
  (f64.add (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f64.add
;;   br .return
;;        0  vaddsd xmm2, xmm0, xmm1
;;        5  movaps xmm0, xmm2
;;        8  ret
