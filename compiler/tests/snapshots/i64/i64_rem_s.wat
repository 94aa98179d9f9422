(module (func (param i64 i64) (result i64)
  (i64.rem_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i64.rem
;;       20  mov rax, rdi
;;       23  test rsi, rsi
;;       26  je near 46h
;;       2c  cmp rsi, 0FFFFFFFFFFFFFFFFh
;;       30  jne near 3Dh
;;       36  xor edx, edx
;;       38  jmp 42h
;;       3d  cqo
;;       3f  idiv rsi
;;   br .return
;;       42  mov rax, rdx
;;       45  ret
;;       46  ud2
