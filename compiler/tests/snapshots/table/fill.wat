(module (table 1 externref) (func (param i32 externref i32)
  (table.fill 0 (local.get 0) (local.get 1) (local.get 2))))
;; becomes
;; func 0 @0x1f
;;        c  mov r11, [r14]
;;       11  cmp rsp, [r11]
;;       16  jb near 5Ah
;;       1c  sub rsp, 18h
;;   pick 0
;;   pick 1
;;   pick 2
;;   table.fill 0
;;       20  mov [rsp], rdx
;;       25  mov [rsp+8], rsi
;;       2a  mov [rsp+10h], rdi
;;       2f  mov r8, rdx
;;       32  mov rdx, rdi
;;       35  mov rcx, rsi
;;       38  xor esi, esi
;;       3b  mov r11, [r14+20h]
;;       40  mov rdi, r14
;;       43  call qword [r11+30h]
;;       4b  test eax, eax
;;       4d  jne near 58h
;;   br .return
;;       53  add rsp, 18h
;;       57  ret
;;       58  ud2
;;       5a  ud2
