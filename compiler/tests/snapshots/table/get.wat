(module (table 1 funcref) (func (param i32) (result funcref) (table.get 0 (local.get 0))))
;; becomes
;; func 0 @0x1e
;;   pick 0
;;   table.get 0 :: funcref
;;        0  mov r11, [r14+30h]
;;        4  cmp rdi, [r11+8]
;;        9  jae short 17h
;;        b  mov r11, [r11]
;;        e  mov rsi, [r11+rdi*8]
;;   br .return
;;       13  mov rax, rsi
;;       16  ret
;;       17  ud2
