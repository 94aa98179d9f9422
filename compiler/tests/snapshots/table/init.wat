(module (table 1 funcref) (elem func 0) (func (param i32 i32 i32)
  (table.init 0 0 (local.get 0) (local.get 1) (local.get 2))
  (elem.drop 0)))
;; becomes
;; func 0 @0x26
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 52h
;;        a  sub rsp, 18h
;;   pick 0
;;   pick 1
;;   pick 2
;;   table.init 0, 0
;;        e  mov [rsp], rdx
;;       12  mov [rsp+8], rsi
;;       17  mov [rsp+10h], rdi
;;       1c  mov r8, rdx
;;       1f  mov rdx, rdi
;;       22  mov rcx, rsi
;;       25  xor esi, esi
;;       27  mov r11, [r14+20h]
;;       2b  mov rdi, r14
;;       2e  call qword [r11+40h]
;;       36  test eax, eax
;;       38  jne short 50h
;;   elem.drop 0
;;       3a  xor esi, esi
;;       3c  mov r11, [r14+20h]
;;       40  mov rdi, r14
;;       43  call qword [r11+48h]
;;   br .return
;;       4b  add rsp, 18h
;;       4f  ret
;;       50  ud2
;;       52  ud2
