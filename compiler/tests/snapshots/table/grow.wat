(module (table 1 externref) (func (param externref i32) (result i32) (table.grow 0 (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x1f
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 2Ch
;;        a  sub rsp, 8
;;   pick 0
;;   pick 1
;;   table.grow 0
;;        e  mov rcx, rdi
;;       11  mov rdx, rsi
;;       14  xor esi, esi
;;       16  mov r11, [r14+20h]
;;       1a  mov rdi, r14
;;       1d  call qword [r11+28h]
;;       25  mov eax, eax
;;   br .return
;;       27  add rsp, 8
;;       2b  ret
;;       2c  ud2
