(module (func (param f64) (result f64)
  (f64.neg (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f64.neg
;;        0  movaps xmm1, xmm0
;;        3  xorps xmm1, [rip+6]
;;   br .return
;;        a  movaps xmm0, xmm1
;;        d  ret
