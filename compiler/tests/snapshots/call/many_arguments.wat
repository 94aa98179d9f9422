(module (func $f (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
  (call $f (local.get 7) (local.get 6) (local.get 5) (local.get 4)
    (local.get 3) (local.get 2) (local.get 1) (local.get 0))))
;; becomes
;; func 0 @0x1f
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 6Fh
;;        a  sub rsp, 38h
;;   pick 7
;;        e  mov r10, [rsp+48h]
;;   pick 6
;;       16  mov rax, [rsp+40h]
;;   pick 5
;;   pick 4
;;   pick 3
;;   pick 2
;;   pick 1
;;   pick 0
;;   call 0 :: [i32, i32, i32, i32, i32, i32, i32, i32] -> [i32]
;;       1e  mov [rsp], rcx
;;       22  mov [rsp+8], rdx
;;       27  mov [rsp+10h], rsi
;;       2c  mov [rsp+18h], rdi
;;       31  mov [rsp+20h], r8
;;       36  mov [rsp+28h], r9
;;       3b  sub rsp, 10h
;;       42  mov [rsp], rsi
;;       46  mov [rsp+8], rdi
;;       4b  mov rsi, rax
;;       4e  mov rdi, r10
;;       51  mov r11, r9
;;       54  mov r9, rdx
;;       57  mov rdx, r11
;;       5a  mov r11, r8
;;       5d  mov r8, rcx
;;       60  mov rcx, r11
;;       63  call 0
;;   br .return
;;       68  add rsp, 38h
;;       6c  ret 10h
;;       6f  ud2
