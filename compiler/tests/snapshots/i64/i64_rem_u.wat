(module (func (param i64 i64) (result i64)
  (i64.rem_u (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   u64.rem
;;       20  mov rax, rdi
;;       23  test rsi, rsi
;;       26  je near 35h
;;       2c  xor edx, edx
;;       2e  div rsi
;;   br .return
;;       31  mov rax, rdx
;;       34  ret
;;       35  ud2
