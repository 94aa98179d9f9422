(module (func (param v128) (result v128)
  (i64x2.neg (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64x2.neg
;;   br .return
;;        0  xorps xmm1, xmm1
;;        3  vpsubq xmm1, xmm1, xmm0
;;        7  movaps xmm0, xmm1
;;        a  ret
