(module (func (param i64) (result i64)
  (i64.extend16_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64.extend16
;;        0  movsx rsi, di
;;   br .return
;;        4  mov rax, rsi
;;        7  ret
