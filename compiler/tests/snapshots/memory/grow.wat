(module (memory 1) (func (param i32) (result i32) (memory.grow (local.get 0))))
;; becomes
;; func 0 @0x1d
;;        c  mov r11, [r14]
;;       11  cmp rsp, [r11]
;;       16  jb near 3Fh
;;       1c  sub rsp, 8
;;   pick 0
;;   memory.grow
;;       20  mov [rsp], rdi
;;       25  mov rsi, rdi
;;       28  mov r11, [r14+20h]
;;       2d  mov rdi, r14
;;       30  call qword [r11]
;;       38  mov eax, eax
;;   br .return
;;       3a  add rsp, 8
;;       3e  ret
;;       3f  ud2
