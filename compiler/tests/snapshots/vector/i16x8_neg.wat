(module (func (param v128) (result v128)
  (i16x8.neg (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i16x8.neg
;;       20  xorps xmm1, xmm1
;;       23  vpsubw xmm1, xmm1, xmm0
;;   br .return
;;       27  movaps xmm0, xmm1
;;       2a  ret
