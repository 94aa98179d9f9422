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
;;       12  jb near 79h
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
;;       2a  jb near 6Dh
;;   i32.const 1
;;   put 1
;;   def .L1 keep=2 params=[] callers=many
;;   def .L2 keep=2 params=[] callers=many backward
;;   br .L2
;;   .L2:
;;       30  mov esi, 1
;;       36  nop dword [rax+rax]
;;   pick 0
;;   i32.const -1
;;   i32.add
;;   call 0 :: [i32] -> [i32]
;;       3b  lea r8d, [rdi-1]
;;       40  mov rbx, rsi
;;       43  mov rbp, rdi
;;       46  mov rdi, r8
;;       49  call 8
;;   pick 1
;;   i32.add
;;   put 1
;;       4e  add ebx, eax
;;   pick 0
;;   i32.const -2
;;   i32.add
;;   tee 0
;;       51  add ebp, 0FFFFFFFEh
;;   i32.const 1
;;   u32.gt
;;   def .L3 keep=2 params=[] callers=1
;;   br_if .L2, .L3
;;   .L3:
;;       55  cmp ebp, 1
;;       59  jbe near 67h
;;       5f  mov rdi, rbp
;;       62  mov rsi, rbx
;;       65  jmp short 3Bh
;;   br .L1
;;   .L1:
;;   br .L0
;;   .L0:
;;       67  mov rdi, rbp
;;       6a  mov rsi, rbx
;;   pick 1
;;   br .return
;;       6d  mov rax, rsi
;;       70  add rsp, 8
;;       74  pop rbp
;;       76  pop rbx
;;       78  ret
;;       79  ud2
