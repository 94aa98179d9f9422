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
;;        0  push rbx
;;        1  push rbp
;;        2  push r12
;;        4  push r13
;;        6  sub rsp, 28h
;;   locals 2 i32
;;   pick 0
;;   pick 1
;;   i32.add
;;   put 11
;;        a  lea r10d, [rdi+rsi]
;;   pick 2
;;   pick 3
;;   i32.sub
;;   put 12
;;        e  mov rax, rdx
;;       11  sub eax, ecx
;;   def .L0 keep=13 params=[] callers=many
;;   def .L1 keep=13 params=[] callers=many backward
;;   br .L1
;;   .L1:
;;       13  mov [rsp], rax
;;       17  mov [rsp+8], rcx
;;       1c  mov [rsp+10h], rdx
;;       21  mov [rsp+18h], rsi
;;       26  mov rbp, [rsp+50h]
;;       2e  mov rax, [rsp+58h]
;;       36  mov rsi, [rsp+60h]
;;       3e  xchg ax, ax
;;   pick 4
;;   pick 5
;;   i32.add
;;   pick 6
;;       40  lea ebx, [r8+r9]
;;   pick 4
;;   i32.add
;;   pick 5
;;       44  lea r12d, [rbp+r8]
;;   pick 6
;;   i32.sub
;;   pick 7
;;       49  mov r13, r9
;;       4c  sub r13d, ebp
;;   pick 4
;;   i32.mul
;;   pick 5
;;       4f  mov rcx, rax
;;       52  imul ecx, r8d
;;   pick 7
;;   i32.mul
;;   i32.xor
;;       56  mov rdx, r9
;;       59  imul edx, eax
;;   i32.xor
;;       5c  xor ecx, edx
;;   i32.xor
;;       5e  xor r13d, ecx
;;   i32.store offset=0
;;       61  xor r12d, r13d
;;       64  mov [r15+rbx], r12d
;;   pick 4
;;   i32.const 4
;;   i32.add
;;   put 4
;;       68  add r8d, 4
;;   pick 4
;;   pick 8
;;   u32.lt
;;   def .L2 keep=13 params=[] callers=1
;;   br_if .L1, .L2
;;   .L2:
;;       6c  cmp r8d, esi
;;       6f  jb short 40h
;;   br .L0
;;   .L0:
;;   pick 0
;;   pick 1
;;       71  mov rcx, [rsp+18h]
;;   i32.add
;;   pick 2
;;       76  lea edx, [rdi+rcx]
;;       79  mov rbx, [rsp+10h]
;;   pick 3
;;       7e  mov r12, [rsp+8]
;;   i32.add
;;   i32.add
;;       83  lea r13d, [rbx+r12]
;;   pick 9
;;       87  add edx, r13d
;;       8a  mov [rsp+20h], r10
;;       8f  mov r10, [rsp+68h]
;;   pick 10
;;       97  mov r13, [rsp+70h]
;;   i32.add
;;   pick 11
;;       9f  mov [rsp+50h], rbp
;;       a7  lea ebp, [r10+r13]
;;       ab  mov [rsp+58h], rax
;;       b3  mov rax, [rsp+20h]
;;   pick 12
;;       b8  mov r9, [rsp]
;;   i32.add
;;   i32.add
;;       bc  mov [rsp+60h], rsi
;;       c4  lea esi, [rax+r9]
;;   i32.add
;;       c8  add ebp, esi
;;   br .return
;;       ca  add edx, ebp
;;       cc  mov rax, rdx
;;       cf  add rsp, 28h
;;       d3  pop r13
;;       d5  pop r12
;;       d7  pop rbp
;;       d8  pop rbx
;;       d9  ret 30h
