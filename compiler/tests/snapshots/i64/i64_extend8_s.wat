(module (func (param i64) (result i64)
  (i64.extend8_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64.extend8
;;        0  movsx rsi, dil
;;   br .return
;;        4  mov rax, rsi
;;        7  ret
