(module (func (param i64) (result f64)
  (f64.convert_i64_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f64.convert_from.i64
;;        0  xorps xmm0, xmm0
;;        3  cvtsi2sd xmm0, rdi
;;   br .return
;;        8  ret
