(module (func (param i64) (result i64)
  (i64.popcnt (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64.popcnt
;;        0  popcnt rsi, rdi
;;   br .return
;;        5  mov rax, rsi
;;        8  ret
