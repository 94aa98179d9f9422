(module (table 1 funcref) (table 1 funcref) (func (param i32 i32 i32)
  (table.copy 0 1 (local.get 0) (local.get 1) (local.get 2))))
;; becomes
;; func 0 @0x22
;;        c  mov r11, [r14]
;;       11  cmp rsp, [r11]
;;       16  jb near 60h
;;       1c  sub rsp, 18h
;;   pick 0
;;   pick 1
;;   pick 2
;;   table.copy 0, 1
;;       20  mov [rsp], rdx
;;       25  mov [rsp+8], rsi
;;       2a  mov [rsp+10h], rdi
;;       2f  mov r9, rdx
;;       32  mov r8, rsi
;;       35  mov rcx, rdi
;;       38  xor esi, esi
;;       3b  mov edx, 1
;;       41  mov r11, [r14+20h]
;;       46  mov rdi, r14
;;       49  call qword [r11+38h]
;;       51  test eax, eax
;;       53  jne near 5Eh
;;   br .return
;;       59  add rsp, 18h
;;       5d  ret
;;       5e  ud2
;;       60  ud2
