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
;;       18  jb near 42h
;;       1e  push rbx
;;   def .L0 keep=1 params=[] callers=many
;;   def .L1 keep=1 params=[] callers=many backward
;;   br .L1
;;   .L1:
;;       20  nop dword [rax+rax]
;;   call 0 :: [] -> []
;;       25  mov rbx, rdi
;;       28  call 0FFFFFFFFFFFFFFF0h
;;   pick 0
;;   i32.const 1
;;   i32.sub
;;   tee 0
;;       2d  add ebx, 0FFFFFFFFh
;;   def .L2 keep=1 params=[] callers=1
;;   br_if .L1, .L2
;;   .L2:
;;       31  test ebx, ebx
;;       34  je near 3Fh
;;       3a  mov rdi, rbx
;;       3d  jmp short 25h
;;   br .L0
;;   .L0:
;;   br .return
;;       3f  pop rbx
;;       41  ret
;;       42  ud2
