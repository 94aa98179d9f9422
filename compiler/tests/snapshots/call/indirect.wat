(module (type $t (func (param i32) (result i32))) (table 1 funcref)
  (func (param i32 i32) (result i32)
  (call_indirect (type $t) (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x24
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 5Ch
;;        a  sub rsp, 18h
;;   pick 0
;;   pick 1
;;   call_indirect table=0 type=0 :: [i32] -> [i32]
;;        e  mov r11, [r14+30h]
;;       12  cmp rsi, [r11+8]
;;       17  jae short 56h
;;       19  mov r11, [r11]
;;       1c  mov rax, [r11+rsi*8]
;;       21  test rax, rax
;;       24  je short 58h
;;       26  cmp dword [rax+10h], 0
;;       2d  jne short 5Ah
;;       2f  mov [rsp], rsi
;;       33  mov [rsp+8], rdi
;;       38  mov [rsp+10h], r14
;;       3d  mov r14, [rax+8]
;;       41  mov r15, [r14+8]
;;       45  call qword [rax]
;;       48  mov r14, [rsp+10h]
;;       4d  mov r15, [r14+8]
;;   br .return
;;       51  add rsp, 18h
;;       55  ret
;;       56  ud2
;;       58  ud2
;;       5a  ud2
;;       5c  ud2
