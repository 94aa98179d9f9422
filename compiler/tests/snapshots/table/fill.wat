(module (table 1 externref) (func (param i32 externref i32)
  (table.fill 0 (local.get 0) (local.get 1) (local.get 2))))
;; becomes
;; func 0 @0x1f
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 33h
;;        a  sub rsp, 8
;;   pick 0
;;   pick 1
;;   pick 2
;;   table.fill 0
;;        e  mov rcx, rsi
;;       11  mov r8, rdx
;;       14  mov rdx, rdi
;;       17  xor esi, esi
;;       19  mov r11, [r14+20h]
;;       1d  mov rdi, r14
;;       20  call qword [r11+30h]
;;       28  test eax, eax
;;       2a  jne short 31h
;;   br .return
;;       2c  add rsp, 8
;;       30  ret
;;       31  ud2
;;       33  ud2
