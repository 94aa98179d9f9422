(module (table 1 funcref) (elem func 0) (func (param i32 i32 i32)
  (table.init 0 0 (local.get 0) (local.get 1) (local.get 2))
  (elem.drop 0)))
;; becomes
;; func 0 @0x26
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 44h
;;        a  sub rsp, 8
;;   pick 0
;;   pick 1
;;   pick 2
;;   table.init 0, 0
;;        e  mov rcx, rsi
;;       11  mov r8, rdx
;;       14  mov rdx, rdi
;;       17  xor esi, esi
;;       19  mov r11, [r14+20h]
;;       1d  mov rdi, r14
;;       20  call qword [r11+40h]
;;       28  test eax, eax
;;       2a  jne short 42h
;;   elem.drop 0
;;       2c  xor esi, esi
;;       2e  mov r11, [r14+20h]
;;       32  mov rdi, r14
;;       35  call qword [r11+48h]
;;   br .return
;;       3d  add rsp, 8
;;       41  ret
;;       42  ud2
;;       44  ud2
