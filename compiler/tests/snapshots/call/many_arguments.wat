(module (func $f (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
  (call $f (local.get 7) (local.get 6) (local.get 5) (local.get 4)
    (local.get 3) (local.get 2) (local.get 1) (local.get 0))))
;; becomes
;; func 0 @0x1f
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 52h
;;        a  sub rsp, 8
;;   pick 7
;;        e  mov r10, [rsp+18h]
;;   pick 6
;;       16  mov rax, [rsp+10h]
;;   pick 5
;;   pick 4
;;   pick 3
;;   pick 2
;;   pick 1
;;   pick 0
;;   call 0 :: [i32, i32, i32, i32, i32, i32, i32, i32] -> [i32]
;;       1e  sub rsp, 10h
;;       25  mov [rsp], rsi
;;       29  mov [rsp+8], rdi
;;       2e  mov rsi, rax
;;       31  mov rdi, r10
;;       34  mov r11, r8
;;       37  mov r8, rcx
;;       3a  mov rcx, r11
;;       3d  mov r11, r9
;;       40  mov r9, rdx
;;       43  mov rdx, r11
;;       46  call 0
;;   br .return
;;       4b  add rsp, 8
;;       4f  ret 10h
;;       52  ud2
