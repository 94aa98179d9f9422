(module (table 1 externref) (func (param externref i32) (result i32) (table.grow 0 (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x1f
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 35h
;;        a  sub rsp, 18h
;;   pick 0
;;   pick 1
;;   table.grow 0
;;        e  mov [rsp], rsi
;;       12  mov [rsp+8], rdi
;;       17  mov rcx, rdi
;;       1a  mov rdx, rsi
;;       1d  xor esi, esi
;;       1f  mov r11, [r14+20h]
;;       23  mov rdi, r14
;;       26  call qword [r11+28h]
;;       2e  mov eax, eax
;;   br .return
;;       30  add rsp, 18h
;;       34  ret
;;       35  ud2
