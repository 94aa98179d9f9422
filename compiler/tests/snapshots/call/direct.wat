(module (func $f (param i32 f64) (result i32)
  (i32.add (call $f (local.get 0) (local.get 1)) (local.get 0))))
;; becomes
;; func 0 @0x19
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 28h
;;        a  sub rsp, 18h
;;   pick 0
;;   pick 1
;;   call 0 :: [i32, f64] -> [i32]
;;        e  mov [rsp], rdi
;;       12  movsd [rsp+8], xmm0
;;       18  call 0
;;   pick 0
;;       1d  mov rsi, [rsp]
;;   i32.add
;;   br .return
;;       21  add eax, esi
;;       23  add rsp, 18h
;;       27  ret
;;       28  ud2
