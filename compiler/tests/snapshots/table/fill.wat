(module (table 1 externref) (func (param i32 externref i32)
  (table.fill 0 (local.get 0) (local.get 1) (local.get 2))))
;; becomes
;; func 0 @0x1f
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 41h
;;        a  sub rsp, 18h
;;   pick 0
;;   pick 1
;;   pick 2
;;   table.fill 0
;;        e  mov [rsp], rdx
;;       12  mov [rsp+8], rsi
;;       17  mov [rsp+10h], rdi
;;       1c  mov r8, rdx
;;       1f  mov rdx, rdi
;;       22  mov rcx, rsi
;;       25  xor esi, esi
;;       27  mov r11, [r14+20h]
;;       2b  mov rdi, r14
;;       2e  call qword [r11+30h]
;;       36  test eax, eax
;;       38  jne short 3Fh
;;   br .return
;;       3a  add rsp, 18h
;;       3e  ret
;;       3f  ud2
;;       41  ud2
