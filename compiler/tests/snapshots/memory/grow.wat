(module (memory 1) (func (param i32) (result i32) (memory.grow (local.get 0))))
;; becomes
;; func 0 @0x1d
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 2Bh
;;        a  sub rsp, 8
;;   pick 0
;;   memory.grow
;;        e  mov [rsp], rdi
;;       12  mov rsi, rdi
;;       15  mov r11, [r14+20h]
;;       19  mov rdi, r14
;;       1c  call qword [r11]
;;       24  mov eax, eax
;;   br .return
;;       26  add rsp, 8
;;       2a  ret
;;       2b  ud2
