(module
  (import "" "leave" (func $leave (param i32) (result i32)))
  (table 4 funcref)
  (memory 1)
  (func (param $at i32) (param $value i32) (result i32)
    (i32.store8 offset=8 (local.get $at) (local.get $value))
    (i32.store (i32.const 64) (i32.const 5))
    (i32.store (local.get $at) (i32.xor (i32.load (local.get $at)) (local.get $value)))
    (i32.mul (local.get $value) (i32.load offset=200 (local.get $at))))
  (func (param $at i32) (param $factor f64) (result f64)
    (f64.mul (local.get $factor) (f64.load offset=0x90000000 (local.get $at))))
  (func (param $at i32) (result i32)
    (i32.add (call $leave (i32.const 7)) (i32.load (local.get $at))))
  (func (param $at i32) (result i32)
    (call_indirect (param i32) (result i32) (i32.const 7) (local.get $at))))
;; becomes
;; func 1 @0x3e
;;   pick 0
;;   pick 1
;;   i32.store8 offset=8
;;        0  mov [gs:rdi+8], sil
;;   i32.const 64
;;   i32.const 5
;;   i32.store offset=0
;;        5  mov dword [gs:40h], 5
;;   pick 0
;;   pick 0
;;   i32.load offset=0
;;   pick 1
;;   i32.xor
;;   i32.store offset=0
;;       11  xor [gs:rdi], esi
;;   pick 1
;;   pick 0
;;   i32.load offset=200
;;       14  mov r8d, [gs:rdi+0C8h]
;;   i32.mul
;;   br .return
;;       1c  imul r8d, esi
;;       20  mov rax, r8
;;       23  ret
;; func 2 @0x66
;;   pick 1
;;   pick 0
;;   f64.load offset=2415919104
;;        0  mov r11d, 90000000h
;;        6  add r11, rdi
;;        9  movsd xmm1, [gs:r11]
;;   f64.mul
;;   br .return
;;        f  vmulsd xmm1, xmm0, xmm1
;;       14  movaps xmm0, xmm1
;;       17  ret
;; func 3 @0x75
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 69h
;;        a  sub rsp, 18h
;;        e  mov [rsp+8], r14
;;   i32.const 7
;;   call 0 :: [i32] -> [i32]
;;       13  mov [rsp], rdi
;;       17  mov edi, 7
;;       1c  mov rax, [r14+18h]
;;       20  mov r10, [rax+8]
;;       24  mov r11, [r14+8]
;;       28  xchg r14, r10
;;       2b  cmp r11, [r14+8]
;;       2f  je short 3Ah
;;       31  mov r11, [r14+8]
;;       35  wrgsbase r11
;;       3a  call qword [rax]
;;       42  mov r10, [rsp+8]
;;       47  mov r11, [r14+8]
;;       4b  xchg r14, r10
;;       4e  cmp r11, [r14+8]
;;       52  je short 5Dh
;;       54  mov r11, [r14+8]
;;       58  wrgsbase r11
;;   pick 0
;;       5d  mov rsi, [rsp]
;;   i32.load offset=0
;;   i32.add
;;   br .return
;;       61  add eax, [gs:rsi]
;;       64  add rsp, 18h
;;       68  ret
;;       69  ud2
;; func 4 @0x82
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb near 83h
;;        e  sub rsp, 18h
;;       12  mov [rsp+8], r14
;;   i32.const 7
;;   pick 0
;;   call_indirect table=0 type=0 :: [i32] -> [i32]
;;       17  mov r11, [r14+30h]
;;       1b  cmp rdi, [r11+8]
;;       20  jae short 7Fh
;;       22  mov r11, [r11]
;;       25  mov rax, [r11+rdi*8]
;;       2a  cmp dword [rax+10h], 0
;;       31  jne short 81h
;;       33  mov edi, 7
;;       38  mov r10, [rax+8]
;;       3c  cmp r10, r14
;;       3f  je short 57h
;;       41  mov r11, [r14+8]
;;       45  xchg r14, r10
;;       48  cmp r11, [r14+8]
;;       4c  je short 57h
;;       4e  mov r11, [r14+8]
;;       52  wrgsbase r11
;;       57  call qword [rax]
;;       5a  mov r10, [rsp+8]
;;       5f  cmp r10, r14
;;       62  je short 7Ah
;;       64  mov r11, [r14+8]
;;       68  xchg r14, r10
;;       6b  cmp r11, [r14+8]
;;       6f  je short 7Ah
;;       71  mov r11, [r14+8]
;;       75  wrgsbase r11
;;   br .return
;;       7a  add rsp, 18h
;;       7e  ret
;;       7f  ud2
;;       81  ud2
;;       83  ud2
