(module (func (param v128 v128) (result v128)
  (i16x8.narrow_i32x4_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i16x8.narrow_from.i32x4
;;   br .return
;;        0  vpackssdw xmm2, xmm0, xmm1
;;        4  movaps xmm0, xmm2
;;        7  ret
