(module (import "" "f" (func $f (param i32) (result i32)))
  (func (param i32) (result i32) (call $f (local.get 0))))
;; becomes
;; func 1 @0x20
;;        c  mov r11, [r14]
;;       11  cmp rsp, [r11]
;;       16  jb near 50h
;;       1c  sub rsp, 18h
;;   pick 0
;;   call 0 :: [i32] -> [i32]
;;       20  mov [rsp], rdi
;;       25  mov [rsp+8], r14
;;       2a  mov r11, [r14+18h]
;;       2f  mov r14, [r11+8]
;;       34  mov r15, [r14+8]
;;       39  call qword [r11]
;;       41  mov r14, [rsp+8]
;;       46  mov r15, [r14+8]
;;   br .return
;;       4b  add rsp, 18h
;;       4f  ret
;;       50  ud2
