(module (func (param f64) (result f32)
  (f32.demote_f64 (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f32.demote_from.f64
;;        0  vcvtsd2ss xmm1, xmm0, xmm0
;;   br .return
;;        5  movaps xmm0, xmm1
;;        8  ret
