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
;;        8  jb short 1Ah
;;        a  push rbx
;;   def .L0 keep=1 params=[] callers=many
;;   def .L1 keep=1 params=[] callers=many backward
;;   br .L1
;;   .L1:
;;        b  mov rbx, rdi
;;   call 0 :: [] -> []
;;        e  call 0FFFFFFFFFFFFFFF0h
;;   pick 0
;;   i32.const 1
;;   i32.sub
;;   tee 0
;;       13  add ebx, 0FFFFFFFFh
;;   def .L2 keep=1 params=[] callers=1
;;   br_if .L1, .L2
;;   .L2:
;;       16  jne short 0Eh
;;   br .L0
;;   .L0:
;;   br .return
;;       18  pop rbx
;;       19  ret
;;       1a  ud2
