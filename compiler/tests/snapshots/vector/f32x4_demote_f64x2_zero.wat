(module (func (param v128) (result v128)
  (f32x4.demote_f64x2_zero (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f32x4.demote_zero_from.f64x2
;;   br .return
;;        0  vcvtpd2ps xmm1, xmm0
;;        4  movaps xmm0, xmm1
;;        7  ret
