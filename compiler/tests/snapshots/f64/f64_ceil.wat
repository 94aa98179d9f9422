(module (func (param f64) (result f64)
  (f64.ceil (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f64.ceil
;;        0  roundsd xmm1, xmm0, 0Ah
;;   br .return
;;        7  movaps xmm0, xmm1
;;        a  ret
