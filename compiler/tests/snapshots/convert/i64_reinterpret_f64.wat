(module (func (param f64) (result i64)
  (i64.reinterpret_f64 (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64.reinterpret_from.f64
;;        0  movq rsi, xmm0
;;   br .return
;;        5  mov rax, rsi
;;        8  ret
