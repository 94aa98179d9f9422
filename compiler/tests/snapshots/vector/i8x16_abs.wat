(module (func (param v128) (result v128)
  (i8x16.abs (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i8x16.abs
;;   br .return
;;        0  vpabsb xmm1, xmm0
;;        5  movaps xmm0, xmm1
;;        8  ret
