(module (type $t (func (param i32) (result i32))) (table 1 funcref)
  (func (param i32 i32) (result i32)
  (call_indirect (type $t) (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x24
;;        c  mov r11, [r14]
;;       11  cmp rsp, [r11]
;;       16  jb near 81h
;;       1c  sub rsp, 18h
;;   pick 0
;;   pick 1
;;   call_indirect table=0 type=0 :: [i32] -> [i32]
;;       20  mov r11, [r14+30h]
;;       25  cmp rsi, [r11+8]
;;       2a  jae near 7Bh
;;       30  mov r11, [r11]
;;       35  mov rax, [r11+rsi*8]
;;       3a  test rax, rax
;;       3d  je near 7Dh
;;       43  cmp dword [rax+10h], 0
;;       4a  jne near 7Fh
;;       50  mov [rsp], rsi
;;       55  mov [rsp+8], rdi
;;       5a  mov [rsp+10h], r14
;;       5f  mov r14, [rax+8]
;;       64  mov r15, [r14+8]
;;       69  call qword [rax]
;;       6c  mov r14, [rsp+10h]
;;       71  mov r15, [r14+8]
;;   br .return
;;       76  add rsp, 18h
;;       7a  ret
;;       7b  ud2
;;       7d  ud2
;;       7f  ud2
;;       81  ud2
