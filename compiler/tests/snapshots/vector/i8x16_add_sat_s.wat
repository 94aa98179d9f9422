(module (func (param v128 v128) (result v128)
  (i8x16.add_sat_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i8x16.add_sat
;;   br .return
;;        0  vpaddsb xmm2, xmm0, xmm1
;;        4  movaps xmm0, xmm2
;;        7  ret
