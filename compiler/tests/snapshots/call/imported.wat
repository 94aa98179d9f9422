(module (import "" "f" (func $f (param i32) (result i32)))
  (func (param i32) (result i32) (call $f (local.get 0))))
;; becomes
;; func 1 @0x20
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 38h
;;        a  sub rsp, 18h
;;        e  mov [rsp+8], r14
;;   pick 0
;;   call 0 :: [i32] -> [i32]
;;       13  mov r11, [r14+18h]
;;       17  mov r10, r14
;;       1a  mov r14, [r11+8]
;;       1e  mov r15, [r14+8]
;;       22  call qword [r11]
;;       2a  mov r14, [rsp+8]
;;       2f  mov r15, [r14+8]
;;   br .return
;;       33  add rsp, 18h
;;       37  ret
;;       38  ud2
