(module (table 1 funcref) (func (param i32) (result funcref) (table.get 0 (local.get 0))))
;; becomes
;; func 0 @0x1e
;;   pick 0
;;   table.get 0 :: funcref
;;       20  mov r11, [r14+30h]
;;       25  cmp rdi, [r11+8]
;;       2a  jae near 3Eh
;;       30  mov r11, [r11]
;;       35  mov rsi, [r11+rdi*8]
;;   br .return
;;       3a  mov rax, rsi
;;       3d  ret
;;       3e  ud2
