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
;;        8  jb short 50h
;;        a  push rbx
;;        b  push rbp
;;        c  sub rsp, 8
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
;;       10  mov esi, 1
;;       15  cmp edi, 2
;;       18  jb short 46h
;;   i32.const 1
;;   put 1
;;   def .L1 keep=2 params=[] callers=many
;;   def .L2 keep=2 params=[] callers=many backward
;;   br .L2
;;   .L2:
;;       1a  mov esi, 1
;;       1f  mov rbx, rsi
;;   pick 0
;;   i32.const -1
;;   i32.add
;;   call 0 :: [i32] -> [i32]
;;       22  lea r8d, [rdi-1]
;;       26  mov rbp, rdi
;;       29  mov rdi, r8
;;       2c  call 0
;;   pick 1
;;   i32.add
;;   put 1
;;       31  add ebx, eax
;;   pick 0
;;   i32.const -2
;;   i32.add
;;   tee 0
;;       33  add ebp, 0FFFFFFFEh
;;   i32.const 1
;;   u32.gt
;;   def .L3 keep=2 params=[] callers=1
;;   br_if .L2, .L3
;;   .L3:
;;       36  cmp ebp, 1
;;       39  jbe short 40h
;;       3b  mov rdi, rbp
;;       3e  jmp short 22h
;;   br .L1
;;   .L1:
;;   br .L0
;;   .L0:
;;       40  mov rsi, rbx
;;       43  mov rdi, rbp
;;   pick 1
;;   br .return
;;       46  mov rax, rsi
;;       49  add rsp, 8
;;       4d  pop rbp
;;       4e  pop rbx
;;       4f  ret
;;       50  ud2
