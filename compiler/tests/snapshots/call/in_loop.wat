(module (func $f)
  (func (param i32)
  (loop (call $f) (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))
;; becomes
;; func 0 @0x1b
;;   br .return
;;        0  ret
;; func 1 @0x1e
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 21h
;;        a  push rbx
;;   def .L0 keep=1 params=[] callers=many
;;   def .L1 keep=1 params=[] callers=many backward
;;   br .L1
;;   .L1:
;;   call 0 :: [] -> []
;;        b  mov rbx, rdi
;;        e  call 0FFFFFFFFFFFFFFF0h
;;   pick 0
;;   i32.const 1
;;   i32.sub
;;   tee 0
;;       13  add ebx, 0FFFFFFFFh
;;   def .L2 keep=1 params=[] callers=1
;;   br_if .L1, .L2
;;   .L2:
;;       16  test ebx, ebx
;;       18  je short 1Fh
;;       1a  mov rdi, rbx
;;       1d  jmp short 0Bh
;;   br .L0
;;   .L0:
;;   br .return
;;       1f  pop rbx
;;       20  ret
;;       21  ud2
