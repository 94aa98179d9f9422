(module (table 1 externref) (func (param i32 externref) (table.set 0 (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x1e
;;   pick 0
;;   pick 1
;;   table.set 0
;;        0  mov r11, [r14+30h]
;;        4  cmp rdi, [r11+8]
;;        9  jae short 14h
;;        b  mov r11, [r11]
;;        e  mov [r11+rdi*8], rsi
;;   br .return
;;       13  ret
;;       14  ud2
