(module (func (param i64 i64) (result i64)
  (i64.div_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i64.div
;;       20  mov rax, rdi
;;       23  test rsi, rsi
;;       26  je near 32h
;;       2c  cqo
;;       2e  idiv rsi
;;   br .return
;;       31  ret
;;       32  ud2
