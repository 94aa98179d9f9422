(module (func (param v128) (result v128)
  (f64x2.convert_low_i32x4_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f64x2.convert_low_from.i32x4
;;   br .return
;;        0  vcvtdq2pd xmm1, xmm0
;;        4  movaps xmm0, xmm1
;;        7  ret
