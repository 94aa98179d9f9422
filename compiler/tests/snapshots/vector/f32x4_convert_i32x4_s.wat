(module (func (param v128) (result v128)
  (f32x4.convert_i32x4_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f32x4.convert_from.i32x4
;;   br .return
;;        0  vcvtdq2ps xmm1, xmm0
;;        4  movaps xmm0, xmm1
;;        7  ret
