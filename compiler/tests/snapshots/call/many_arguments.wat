(module (func $f (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
  (call $f (local.get 7) (local.get 6) (local.get 5) (local.get 4)
    (local.get 3) (local.get 2) (local.get 1) (local.get 0))))
;; becomes
;; func 0 @0x1f
;;        c  mov r11, [r14]
;;       11  cmp rsp, [r11]
;;       16  jb near 83h
;;       1c  sub rsp, 38h
;;   pick 7
;;       20  mov r10, [rsp+48h]
;;   pick 6
;;       28  mov rax, [rsp+40h]
;;   pick 5
;;   pick 4
;;   pick 3
;;   pick 2
;;   pick 1
;;   pick 0
;;   call 0 :: [i32, i32, i32, i32, i32, i32, i32, i32] -> [i32]
;;       30  mov [rsp], rcx
;;       35  mov [rsp+8], rdx
;;       3a  mov [rsp+10h], rsi
;;       3f  mov [rsp+18h], rdi
;;       44  mov [rsp+20h], r8
;;       49  mov [rsp+28h], r9
;;       4e  sub rsp, 10h
;;       55  mov [rsp], rsi
;;       5a  mov [rsp+8], rdi
;;       5f  mov rsi, rax
;;       62  mov rdi, r10
;;       65  mov r11, r9
;;       68  mov r9, rdx
;;       6b  mov rdx, r11
;;       6e  mov r11, r8
;;       71  mov r8, rcx
;;       74  mov rcx, r11
;;       77  call 0Ch
;;   br .return
;;       7c  add rsp, 38h
;;       80  ret 10h
;;       83  ud2
