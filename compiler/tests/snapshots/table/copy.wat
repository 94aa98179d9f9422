(module (table 1 funcref) (table 1 funcref) (func (param i32 i32 i32)
  (table.copy 0 1 (local.get 0) (local.get 1) (local.get 2))))
;; becomes
;; func 0 @0x22
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 46h
;;        a  sub rsp, 18h
;;   pick 0
;;   pick 1
;;   pick 2
;;   table.copy 0, 1
;;        e  mov [rsp], rdx
;;       12  mov [rsp+8], rsi
;;       17  mov [rsp+10h], rdi
;;       1c  mov r9, rdx
;;       1f  mov r8, rsi
;;       22  mov rcx, rdi
;;       25  xor esi, esi
;;       27  mov edx, 1
;;       2c  mov r11, [r14+20h]
;;       30  mov rdi, r14
;;       33  call qword [r11+38h]
;;       3b  test eax, eax
;;       3d  jne short 44h
;;   br .return
;;       3f  add rsp, 18h
;;       43  ret
;;       44  ud2
;;       46  ud2
