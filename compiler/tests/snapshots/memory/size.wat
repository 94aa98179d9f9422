(module (memory 1) (func (result i32) (memory.size)))
;; becomes
;; func 0 @0x1c
;;   memory.size
;;       20  mov r11, [r14+10h]
;;       25  mov rsi, [r11+8]
;;       2a  shr rsi, 10h
;;   br .return
;;       2e  mov rax, rsi
;;       31  ret
