(module (func (param i64) (result f64)
  (f64.reinterpret_i64 (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f64.reinterpret_from.i64
;;        0  movq xmm0, rdi
;;   br .return
;;        5  ret
