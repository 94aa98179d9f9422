(module (func (param v128) (result v128)
  (f64x2.promote_low_f32x4 (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f64x2.promote_low_from.f32x4
;;   br .return
;;        0  vcvtps2pd xmm1, xmm0
;;        4  movaps xmm0, xmm1
;;        7  ret
