(module (memory 1) (func (param i32 i32 i32)
  (memory.fill (local.get 0) (local.get 1) (local.get 2))))
;; becomes
;; func 0 @0x1e
;;        c  mov r11, [r14]
;;       11  cmp rsp, [r11]
;;       16  jb near 57h
;;       1c  sub rsp, 18h
;;   pick 0
;;   pick 1
;;   pick 2
;;   memory.fill
;;       20  mov [rsp], rdx
;;       25  mov [rsp+8], rsi
;;       2a  mov [rsp+10h], rdi
;;       2f  mov rcx, rdx
;;       32  mov rdx, rsi
;;       35  mov rsi, rdi
;;       38  mov r11, [r14+20h]
;;       3d  mov rdi, r14
;;       40  call qword [r11+8]
;;       48  test eax, eax
;;       4a  jne near 55h
;;   br .return
;;       50  add rsp, 18h
;;       54  ret
;;       55  ud2
;;       57  ud2
