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
;;       12  jb near 7Dh
;;       18  push rbx
;;       1a  push rbp
;;       1c  sub rsp, 8
;;   locals 1 i32
;;   i32.const 1
;;   put 1
;;   def .L0 keep=2 params=[] callers=many
;;   pick 0
;;   i32.const 2
;;   u32.lt
;;   def .L1 keep=2 params=[] callers=1
;;   br_if .L0, .L1
;;   .L1:
;;       20  mov esi, 1
;;       26  cmp edi, 2
;;       2a  jb near 71h
;;   i32.const 1
;;   put 1
;;   def .L1 keep=2 params=[] callers=many
;;   def .L2 keep=2 params=[] callers=many backward
;;   br .L2
;;   .L2:
;;       30  mov esi, 1
;;       36  nop dword [rax+rax]
;;       3b  nop dword [rax+rax]
;;   pick 0
;;   i32.const -1
;;   i32.add
;;   call 0 :: [i32] -> [i32]
;;       40  lea r8d, [rdi-1]
;;       44  mov rbx, rsi
;;       47  mov rbp, rdi
;;       4a  mov rdi, r8
;;       4d  call 8
;;   pick 1
;;   i32.add
;;   put 1
;;       52  add ebx, eax
;;   pick 0
;;   i32.const -2
;;   i32.add
;;   tee 0
;;       55  add ebp, 0FFFFFFFEh
;;   i32.const 1
;;   u32.gt
;;   def .L3 keep=2 params=[] callers=1
;;   br_if .L2, .L3
;;   .L3:
;;       59  cmp ebp, 1
;;       5d  jbe near 6Bh
;;       63  mov rdi, rbp
;;       66  mov rsi, rbx
;;       69  jmp short 40h
;;   br .L1
;;   .L1:
;;   br .L0
;;   .L0:
;;       6b  mov rdi, rbp
;;       6e  mov rsi, rbx
;;   pick 1
;;   br .return
;;       71  mov rax, rsi
;;       74  add rsp, 8
;;       78  pop rbp
;;       7a  pop rbx
;;       7c  ret
;;       7d  ud2
