(module (memory 1) (func (result i32) (memory.size)))
;; becomes
;; func 0 @0x1c
;;   memory.size
;;        0  mov r11, [r14+10h]
;;        4  mov rsi, [r11+8]
;;        8  shr rsi, 10h
;;   br .return
;;        c  mov rax, rsi
;;        f  ret
