(module (table 1 funcref) (table 1 funcref) (func (param i32 i32 i32)
  (table.copy 0 1 (local.get 0) (local.get 1) (local.get 2))))
;; becomes
;; func 0 @0x22
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 38h
;;        a  sub rsp, 8
;;   pick 0
;;   pick 1
;;   pick 2
;;   table.copy 0, 1
;;        e  mov rcx, rdi
;;       11  mov r8, rsi
;;       14  mov r9, rdx
;;       17  xor esi, esi
;;       19  mov edx, 1
;;       1e  mov r11, [r14+20h]
;;       22  mov rdi, r14
;;       25  call qword [r11+38h]
;;       2d  test eax, eax
;;       2f  jne short 36h
;;   br .return
;;       31  add rsp, 8
;;       35  ret
;;       36  ud2
;;       38  ud2
