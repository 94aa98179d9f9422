(module (func (param i64) (result i64)
  (i64.extend16_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64.extend16
;;       20  movsx rsi, di
;;   br .return
;;       24  mov rax, rsi
;;       27  ret
