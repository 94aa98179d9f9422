(module (memory 1) (func (param i32 i32 i32)
  (memory.fill (local.get 0) (local.get 1) (local.get 2))))
;; becomes
;; func 0 @0x1e
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 3Fh
;;        a  sub rsp, 18h
;;   pick 0
;;   pick 1
;;   pick 2
;;   memory.fill
;;        e  mov [rsp], rdx
;;       12  mov [rsp+8], rsi
;;       17  mov [rsp+10h], rdi
;;       1c  mov rcx, rdx
;;       1f  mov rdx, rsi
;;       22  mov rsi, rdi
;;       25  mov r11, [r14+20h]
;;       29  mov rdi, r14
;;       2c  call qword [r11+8]
;;       34  test eax, eax
;;       36  jne short 3Dh
;;   br .return
;;       38  add rsp, 18h
;;       3c  ret
;;       3d  ud2
;;       3f  ud2
