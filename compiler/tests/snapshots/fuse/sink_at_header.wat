;; The inner loop needs more registers than the outer one leaves: what it does not use is stored once, before it.
(module (memory 1)
  (func (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32) (local i32 i32)
    (local.set 11 (i32.add (local.get 0) (local.get 1)))
    (local.set 12 (i32.sub (local.get 2) (local.get 3)))
    (loop
      (i32.store (i32.add (local.get 4) (local.get 5))
        (i32.xor (i32.add (local.get 6) (local.get 4))
          (i32.xor (i32.sub (local.get 5) (local.get 6))
            (i32.xor (i32.mul (local.get 7) (local.get 4)) (i32.mul (local.get 5) (local.get 7))))))
      (local.set 4 (i32.add (local.get 4) (i32.const 4)))
      (br_if 0 (i32.lt_u (local.get 4) (local.get 8))))
    (i32.add (i32.add (i32.add (local.get 0) (local.get 1)) (i32.add (local.get 2) (local.get 3)))
      (i32.add (i32.add (local.get 9) (local.get 10)) (i32.add (local.get 11) (local.get 12))))))
;; becomes
;; func 0 @0x27
;;       14  push rbx
;;       16  push rbp
;;       18  push r12
;;       1a  push r13
;;       1c  sub rsp, 28h
;;   locals 2 i32
;;   pick 0
;;   pick 1
;;   i32.add
;;   put 11
;;       20  lea r10d, [rdi+rsi]
;;   pick 2
;;   pick 3
;;   i32.sub
;;   put 12
;;       24  mov rax, rdx
;;       27  sub eax, ecx
;;   def .L0 keep=13 params=[] callers=many
;;   def .L1 keep=13 params=[] callers=many backward
;;   br .L1
;;   .L1:
;;       2a  nop
;;       2b  jmp 0D0h
;;   pick 4
;;   pick 5
;;   i32.add
;;   pick 6
;;       30  lea ebx, [r8+r9]
;;   pick 4
;;   i32.add
;;   pick 5
;;       34  lea r12d, [rbp+r8]
;;   pick 6
;;   i32.sub
;;   pick 7
;;       39  mov r13, r9
;;       3c  sub r13d, ebp
;;   pick 4
;;   i32.mul
;;   pick 5
;;       3f  mov rcx, rax
;;       42  imul ecx, r8d
;;   pick 7
;;   i32.mul
;;   i32.xor
;;       46  mov rdx, r9
;;       49  imul edx, eax
;;   i32.xor
;;       4d  xor ecx, edx
;;   i32.xor
;;       50  xor r13d, ecx
;;   i32.store offset=0
;;       53  xor r12d, r13d
;;       56  mov [r15+rbx], r12d
;;   pick 4
;;   i32.const 4
;;   i32.add
;;   put 4
;;       5b  add r8d, 4
;;   pick 4
;;   pick 8
;;   u32.lt
;;   def .L2 keep=13 params=[] callers=1
;;   br_if .L1, .L2
;;   .L2:
;;       5f  cmp r8d, esi
;;       62  jb short 30h
;;   br .L0
;;   .L0:
;;   pick 0
;;   pick 1
;;       64  mov rcx, [rsp+18h]
;;   i32.add
;;   pick 2
;;       69  lea edx, [rdi+rcx]
;;       6d  mov rbx, [rsp+10h]
;;   pick 3
;;       72  mov r12, [rsp+8]
;;   i32.add
;;   i32.add
;;       77  lea r13d, [rbx+r12]
;;   pick 9
;;       7b  add edx, r13d
;;       7e  mov [rsp+58h], rax
;;       86  mov rax, [rsp+68h]
;;   pick 10
;;       8e  mov r13, [rsp+70h]
;;   i32.add
;;   pick 11
;;       96  mov [rsp+50h], rbp
;;       9e  lea ebp, [rax+r13]
;;   pick 12
;;       a2  mov [rsp+60h], rsi
;;       aa  mov rsi, [rsp]
;;   i32.add
;;   i32.add
;;       af  mov [rsp+20h], r8
;;       b4  lea r8d, [r10+rsi]
;;   i32.add
;;       b8  add ebp, r8d
;;   br .return
;;       bb  add edx, ebp
;;       be  mov rax, rdx
;;       c1  add rsp, 28h
;;       c5  pop r13
;;       c7  pop r12
;;       c9  pop rbp
;;       cb  pop rbx
;;       cd  ret 30h
;;       d0  mov [rsp], rax
;;       d5  mov [rsp+8], rcx
;;       da  mov [rsp+10h], rdx
;;       df  mov [rsp+18h], rsi
;;       e4  mov rbp, [rsp+50h]
;;       ec  mov rax, [rsp+58h]
;;       f4  mov rsi, [rsp+60h]
;;       fc  jmp 30h
