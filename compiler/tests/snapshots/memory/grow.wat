(module (memory 1) (func (param i32) (result i32) (memory.grow (local.get 0))))
;; becomes
;; func 0 @0x1d
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 27h
;;        a  sub rsp, 8
;;   pick 0
;;   memory.grow
;;        e  mov rsi, rdi
;;       11  mov r11, [r14+20h]
;;       15  mov rdi, r14
;;       18  call qword [r11]
;;       20  mov eax, eax
;;   br .return
;;       22  add rsp, 8
;;       26  ret
;;       27  ud2
