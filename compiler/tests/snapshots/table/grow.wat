(module (table 1 externref) (func (param externref i32) (result i32) (table.grow 0 (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x1f
;;        c  mov r11, [r14]
;;       11  cmp rsp, [r11]
;;       16  jb near 4Ah
;;       1c  sub rsp, 18h
;;   pick 0
;;   pick 1
;;   table.grow 0
;;       20  mov [rsp], rsi
;;       25  mov [rsp+8], rdi
;;       2a  mov rcx, rdi
;;       2d  mov rdx, rsi
;;       30  xor esi, esi
;;       33  mov r11, [r14+20h]
;;       38  mov rdi, r14
;;       3b  call qword [r11+28h]
;;       43  mov eax, eax
;;   br .return
;;       45  add rsp, 18h
;;       49  ret
;;       4a  ud2
