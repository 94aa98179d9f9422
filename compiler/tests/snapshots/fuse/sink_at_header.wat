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
;;       2a  jmp 0CFh
;;   pick 4
;;   pick 5
;;   i32.add
;;   pick 6
;;       2f  lea ebx, [r8+r9]
;;   pick 4
;;   i32.add
;;   pick 5
;;       33  lea r12d, [rbp+r8]
;;   pick 6
;;   i32.sub
;;   pick 7
;;       38  mov r13, r9
;;       3b  sub r13d, ebp
;;   pick 4
;;   i32.mul
;;   pick 5
;;       3e  mov rcx, rax
;;       41  imul ecx, r8d
;;   pick 7
;;   i32.mul
;;   i32.xor
;;       45  mov rdx, r9
;;       48  imul edx, eax
;;   i32.xor
;;       4c  xor ecx, edx
;;   i32.xor
;;       4f  xor r13d, ecx
;;   i32.store offset=0
;;       52  xor r12d, r13d
;;       55  mov [r15+rbx], r12d
;;   pick 4
;;   i32.const 4
;;   i32.add
;;   put 4
;;       5a  add r8d, 4
;;   pick 4
;;   pick 8
;;   u32.lt
;;   def .L2 keep=13 params=[] callers=1
;;   br_if .L1, .L2
;;   .L2:
;;       5e  cmp r8d, esi
;;       61  jb short 2Fh
;;   br .L0
;;   .L0:
;;   pick 0
;;   pick 1
;;       63  mov rcx, [rsp+18h]
;;   i32.add
;;   pick 2
;;       68  lea edx, [rdi+rcx]
;;       6c  mov rbx, [rsp+10h]
;;   pick 3
;;       71  mov r12, [rsp+8]
;;   i32.add
;;   i32.add
;;       76  lea r13d, [rbx+r12]
;;   pick 9
;;       7a  add edx, r13d
;;       7d  mov [rsp+58h], rax
;;       85  mov rax, [rsp+68h]
;;   pick 10
;;       8d  mov r13, [rsp+70h]
;;   i32.add
;;   pick 11
;;       95  mov [rsp+50h], rbp
;;       9d  lea ebp, [rax+r13]
;;   pick 12
;;       a1  mov [rsp+60h], rsi
;;       a9  mov rsi, [rsp]
;;   i32.add
;;   i32.add
;;       ae  mov [rsp+20h], r8
;;       b3  lea r8d, [r10+rsi]
;;   i32.add
;;       b7  add ebp, r8d
;;   br .return
;;       ba  add edx, ebp
;;       bd  mov rax, rdx
;;       c0  add rsp, 28h
;;       c4  pop r13
;;       c6  pop r12
;;       c8  pop rbp
;;       ca  pop rbx
;;       cc  ret 30h
;;       cf  mov [rsp], rax
;;       d4  mov [rsp+8], rcx
;;       d9  mov [rsp+10h], rdx
;;       de  mov [rsp+18h], rsi
;;       e3  mov rbp, [rsp+50h]
;;       eb  mov rax, [rsp+58h]
;;       f3  mov rsi, [rsp+60h]
;;       fb  jmp 2Fh
