(module (table 1 funcref) (func (result i32) (table.size 0)))
;; becomes
;; func 0 @0x1d
;;   table.size 0
;;        0  mov r11, [r14+30h]
;;        4  mov rsi, [r11+8]
;;   br .return
;;        8  mov rax, rsi
;;        b  ret
