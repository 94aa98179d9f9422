(module (func (param i64 i64) (result i64)
  (i64.rem_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i64.rem
;;        0  mov rax, rdi
;;        3  test rsi, rsi
;;        6  je short 1Bh
;;        8  cmp rsi, 0FFFFFFFFFFFFFFFFh
;;        c  jne short 12h
;;        e  xor edx, edx
;;       10  jmp short 17h
;;       12  cqo
;;       14  idiv rsi
;;   br .return
;;       17  mov rax, rdx
;;       1a  ret
;;       1b  ud2
