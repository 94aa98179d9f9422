(module (memory 1) (func (param i32 i32 i32)
  (memory.copy (local.get 0) (local.get 1) (local.get 2))))
;; becomes
;; func 0 @0x1e
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 31h
;;        a  sub rsp, 8
;;   pick 0
;;   pick 1
;;   pick 2
;;   memory.copy
;;        e  mov rcx, rdx
;;       11  mov rdx, rsi
;;       14  mov rsi, rdi
;;       17  mov r11, [r14+20h]
;;       1b  mov rdi, r14
;;       1e  call qword [r11+10h]
;;       26  test eax, eax
;;       28  jne short 2Fh
;;   br .return
;;       2a  add rsp, 8
;;       2e  ret
;;       2f  ud2
;;       31  ud2
