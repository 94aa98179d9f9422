(module (func (param v128) (result v128)
  (i16x8.abs (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i16x8.abs
;;   br .return
;;        0  vpabsw xmm1, xmm0
;;        5  movaps xmm0, xmm1
;;        8  ret
