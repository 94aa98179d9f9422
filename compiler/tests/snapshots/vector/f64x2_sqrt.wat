(module (func (param v128) (result v128)
  (f64x2.sqrt (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f64x2.sqrt
;;   br .return
;;        0  vsqrtpd xmm1, xmm0
;;        4  movaps xmm0, xmm1
;;        7  ret
