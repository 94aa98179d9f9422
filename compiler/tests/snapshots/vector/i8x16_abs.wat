(module (func (param v128) (result v128)
  (i8x16.abs (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i8x16.abs
;;       20  vpabsb xmm1, xmm0
;;   br .return
;;       25  movaps xmm0, xmm1
;;       28  ret
