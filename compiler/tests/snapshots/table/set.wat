(module (table 1 externref) (func (param i32 externref) (table.set 0 (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x1e
;;   pick 0
;;   pick 1
;;   table.set 0
;;       20  mov r11, [r14+30h]
;;       25  cmp rdi, [r11+8]
;;       2a  jae near 3Bh
;;       30  mov r11, [r11]
;;       35  mov [r11+rdi*8], rsi
;;   br .return
;;       3a  ret
;;       3b  ud2
