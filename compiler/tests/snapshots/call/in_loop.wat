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
;;       18  jb near 3Dh
;;       1e  push rbx
;;   def .L0 keep=1 params=[] callers=many backward
;;   def .L1 keep=1 params=[] callers=many
;;   br .L0
;;   .L0:
;;   call 0 :: [] -> []
;;       20  mov rbx, rdi
;;       23  call 0FFFFFFFFFFFFFFF0h
;;   pick 0
;;   i32.const 1
;;   i32.sub
;;   tee 1
;;       28  add ebx, 0FFFFFFFFh
;;   def .L2 keep=1 params=[] callers=1
;;   br_if .L0, .L2
;;   .L2:
;;       2c  test ebx, ebx
;;       2f  je near 3Ah
;;       35  mov rdi, rbx
;;       38  jmp short 20h
;;   br .L1
;;   .L1:
;;   br .return
;;       3a  pop rbx
;;       3c  ret
;;       3d  ud2
