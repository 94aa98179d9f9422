(module (func $f (param i32 f64) (result i32)
  (i32.add (call $f (local.get 0) (local.get 1)) (local.get 0))))
;; becomes
;; func 0 @0x19
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 22h
;;        a  sub rsp, 8
;;   pick 0
;;   pick 1
;;   call 0 :: [i32, f64] -> [i32]
;;        e  mov [rsp], rdi
;;       12  call 0
;;   pick 0
;;       17  mov rsi, [rsp]
;;   i32.add
;;   br .return
;;       1b  add eax, esi
;;       1d  add rsp, 8
;;       21  ret
;;       22  ud2
