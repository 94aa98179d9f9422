(module (func (param i32) (result f64)
  (f64.convert_i32_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f64.convert_from.u32
;;        0  xorps xmm0, xmm0
;;        3  cvtsi2sd xmm0, rdi
;;   br .return
;;        8  ret
