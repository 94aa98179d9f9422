(module (memory 1) (data "x") (func (param i32 i32 i32)
  (memory.init 0 (local.get 0) (local.get 1) (local.get 2))
  (data.drop 0)))
;; becomes
;; func 0 @0x21
;;        c  mov r11, [r14]
;;       11  cmp rsp, [r11]
;;       16  jb near 6Dh
;;       1c  sub rsp, 18h
;;   pick 0
;;   pick 1
;;   pick 2
;;   memory.init 0
;;       20  mov [rsp], rdx
;;       25  mov [rsp+8], rsi
;;       2a  mov [rsp+10h], rdi
;;       2f  mov r8, rdx
;;       32  mov rdx, rdi
;;       35  mov rcx, rsi
;;       38  xor esi, esi
;;       3b  mov r11, [r14+20h]
;;       40  mov rdi, r14
;;       43  call qword [r11+18h]
;;       4b  test eax, eax
;;       4d  jne near 6Bh
;;   data.drop 0
;;       53  xor esi, esi
;;       56  mov r11, [r14+20h]
;;       5b  mov rdi, r14
;;       5e  call qword [r11+20h]
;;   br .return
;;       66  add rsp, 18h
;;       6a  ret
;;       6b  ud2
;;       6d  ud2
