(module (type $t (func (param i32) (result i32))) (table 1 funcref)
  (func (param i32 i32) (result i32)
  (call_indirect (type $t) (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x24
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 4Fh
;;        a  sub rsp, 18h
;;        e  mov [rsp+10h], r14
;;   pick 0
;;   pick 1
;;   call_indirect table=0 type=0 :: [i32] -> [i32]
;;       13  mov r11, [r14+30h]
;;       17  cmp rsi, [r11+8]
;;       1c  jae short 4Bh
;;       1e  mov r11, [r11]
;;       21  mov rax, [r11+rsi*8]
;;       26  cmp dword [rax+10h], 0
;;       2d  jne short 4Dh
;;       2f  mov r10, r14
;;       32  mov r14, [rax+8]
;;       36  mov r15, [r14+8]
;;       3a  call qword [rax]
;;       3d  mov r14, [rsp+10h]
;;       42  mov r15, [r14+8]
;;   br .return
;;       46  add rsp, 18h
;;       4a  ret
;;       4b  ud2
;;       4d  ud2
;;       4f  ud2
