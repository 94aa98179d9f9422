(module (func (param v128 v128) (result v128)
  (f32x4.ge (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f32x4.ge
;;   br .return
;;        0  vcmpleps xmm2, xmm1, xmm0
;;        5  movaps xmm0, xmm2
;;        8  ret
