(module (func $f)
  (func (param i32)
  (loop (call $f) (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))
;; becomes
;; func 0 @0x1b
;;   br .return
;;       20  ret
;; func 1 @0x1e
;;        e  mov r11, [r14]
;;       13  cmp rsp, [r11]
;;       18  jb near 4Dh
;;       1e  push rbx
;;   def .L0 keep=1 params=[] callers=many
;;   def .L1 keep=1 params=[] callers=many backward
;;   br .L1
;;   .L1:
;;       20  nop dword [rax+rax]
;;       28  nop dword [rax]
;;       2b  nop dword [rax+rax]
;;   call 0 :: [] -> []
;;       30  mov rbx, rdi
;;       33  call 0FFFFFFFFFFFFFFF0h
;;   pick 0
;;   i32.const 1
;;   i32.sub
;;   tee 0
;;       38  add ebx, 0FFFFFFFFh
;;   def .L2 keep=1 params=[] callers=1
;;   br_if .L1, .L2
;;   .L2:
;;       3c  test ebx, ebx
;;       3f  je near 4Ah
;;       45  mov rdi, rbx
;;       48  jmp short 30h
;;   br .L0
;;   .L0:
;;   br .return
;;       4a  pop rbx
;;       4c  ret
;;       4d  ud2
