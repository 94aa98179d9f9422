;; The recursive Fibonacci function of the ancestor's README (fib(0) = fib(1) = 1), the form that rustc gave it.
(module
  (func $fib (export "fib") (param i32) (result i32) (local i32)
    (local.set 1 (i32.const 1))
    (block
      (br_if 0 (i32.lt_u (local.get 0) (i32.const 2)))
      (local.set 1 (i32.const 1))
      (loop
        (local.set 1 (i32.add (call $fib (i32.add (local.get 0) (i32.const -1))) (local.get 1)))
        (br_if 0 (i32.gt_u (local.tee 0 (i32.add (local.get 0) (i32.const -2))) (i32.const 1)))))
    (local.get 1)))
;; becomes
;; func 0 @0x21
;;        8  mov r11, [r14]
;;        d  cmp rsp, [r11]
;;       12  jb near 74h
;;       18  push rbx
;;       1a  push rbp
;;       1c  sub rsp, 8
;;   locals 1 i32
;;   i32.const 1
;;   put 1
;;   def .L0 keep=2 params=[] callers=many
;;   pick 1
;;   i32.const 2
;;   u32.lt
;;   def .L1 keep=2 params=[] callers=1
;;   br_if .L0, .L1
;;   .L1:
;;       20  mov esi, 1
;;       26  cmp edi, 2
;;       2a  jb near 68h
;;   i32.const 1
;;   put 1
;;   def .L1 keep=2 params=[] callers=many backward
;;   def .L2 keep=2 params=[] callers=many
;;   br .L1
;;   .L1:
;;       30  mov esi, 1
;;   pick 1
;;   i32.const -1
;;   i32.add
;;   call 0 :: [i32] -> [i32]
;;       36  lea r8d, [rdi-1]
;;       3b  mov rbx, rsi
;;       3e  mov rbp, rdi
;;       41  mov rdi, r8
;;       44  call 8
;;   pick 1
;;   i32.add
;;   put 1
;;       49  add ebx, eax
;;   pick 1
;;   i32.const -2
;;   i32.add
;;   tee 2
;;       4c  add ebp, 0FFFFFFFEh
;;   i32.const 1
;;   u32.gt
;;   def .L3 keep=2 params=[] callers=1
;;   br_if .L1, .L3
;;   .L3:
;;       50  cmp ebp, 1
;;       54  jbe near 62h
;;       5a  mov rdi, rbp
;;       5d  mov rsi, rbx
;;       60  jmp short 36h
;;   br .L2
;;   .L2:
;;   br .L0
;;   .L0:
;;       62  mov rdi, rbp
;;       65  mov rsi, rbx
;;   pick 0
;;   br .return
;;       68  mov rax, rsi
;;       6b  add rsp, 8
;;       6f  pop rbp
;;       71  pop rbx
;;       73  ret
;;       74  ud2
