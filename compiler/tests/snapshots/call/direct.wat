(module (func $f (param i32 f64) (result i32)
  (i32.add (call $f (local.get 0) (local.get 1)) (local.get 0))))
;; becomes
;; func 0 @0x19
;;        c  mov r11, [r14]
;;       11  cmp rsp, [r11]
;;       16  jb near 3Eh
;;       1c  sub rsp, 18h
;;   pick 0
;;   pick 1
;;   call 0 :: [i32, f64] -> [i32]
;;       20  mov [rsp], rdi
;;       25  movsd [rsp+8], xmm0
;;       2c  call 0Ch
;;   pick 0
;;       31  mov rsi, [rsp]
;;   i32.add
;;   br .return
;;       36  add eax, esi
;;       39  add rsp, 18h
;;       3d  ret
;;       3e  ud2
