(module (func (param f32) (result f64)
  (f64.promote_f32 (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f64.promote_from.f32
;;        0  vcvtss2sd xmm1, xmm0, xmm0
;;   br .return
;;        5  movaps xmm0, xmm1
;;        8  ret
