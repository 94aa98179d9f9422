(module (import "" "f" (func $f (param i32) (result i32)))
  (func (param i32) (result i32) (call $f (local.get 0))))
;; becomes
;; func 1 @0x20
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 35h
;;        a  sub rsp, 18h
;;        e  mov [rsp+8], r14
;;   pick 0
;;   call 0 :: [i32] -> [i32]
;;       13  mov r11, [r14+18h]
;;       17  mov r14, [r11+8]
;;       1b  mov r15, [r14+8]
;;       1f  call qword [r11]
;;       27  mov r14, [rsp+8]
;;       2c  mov r15, [r14+8]
;;   br .return
;;       30  add rsp, 18h
;;       34  ret
;;       35  ud2
