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
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb near 74h
;;        e  push rbx
;;        f  push rbp
;;       10  sub rsp, 8
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
;;       14  mov esi, 1
;;       19  cmp edi, 2
;;       1c  jb short 6Ah
;;   i32.const 1
;;   put 1
;;   def .L1 keep=2 params=[] callers=many
;;   def .L2 keep=2 params=[] callers=many backward
;;   br .L2
;;   .L2:
;;       1e  mov esi, 1
;;       23  nop dword [rax+rax]
;;       2b  nop dword [rax+rax]
;;       33  nop dword [rax+rax]
;;       3b  nop dword [rax+rax]
;;   pick 0
;;   i32.const -1
;;   i32.add
;;   call 0 :: [i32] -> [i32]
;;       40  lea r8d, [rdi-1]
;;       44  mov rbx, rsi
;;       47  mov rbp, rdi
;;       4a  mov rdi, r8
;;       4d  call 0
;;   pick 1
;;   i32.add
;;   put 1
;;       52  add ebx, eax
;;   pick 0
;;   i32.const -2
;;   i32.add
;;   tee 0
;;       54  add ebp, 0FFFFFFFEh
;;   i32.const 1
;;   u32.gt
;;   def .L3 keep=2 params=[] callers=1
;;   br_if .L2, .L3
;;   .L3:
;;       57  cmp ebp, 1
;;       5a  jbe short 64h
;;       5c  mov rdi, rbp
;;       5f  mov rsi, rbx
;;       62  jmp short 40h
;;   br .L1
;;   .L1:
;;   br .L0
;;   .L0:
;;       64  mov rdi, rbp
;;       67  mov rsi, rbx
;;   pick 1
;;   br .return
;;       6a  mov rax, rsi
;;       6d  add rsp, 8
;;       71  pop rbp
;;       72  pop rbx
;;       73  ret
;;       74  ud2
