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
;;        8  jb short 63h
;;        a  sub rsp, 18h
;;        e  mov [rsp+8], r14
;;   i32.const 7
;;   call 0 :: [i32] -> [i32]
;;       13  mov [rsp], rdi
;;       17  mov edi, 7
;;       1c  mov r11, [r14+18h]
;;       20  mov r10, [r14+8]
;;       24  mov r14, [r11+8]
;;       28  cmp r10, [r14+8]
;;       2c  je short 37h
;;       2e  mov r10, [r14+8]
;;       32  wrgsbase r10
;;       37  call qword [r11]
;;       3f  mov r11, [r14+8]
;;       43  mov r14, [rsp+8]
;;       48  cmp r11, [r14+8]
;;       4c  je short 57h
;;       4e  mov r11, [r14+8]
;;       52  wrgsbase r11
;;   pick 0
;;       57  mov rsi, [rsp]
;;   i32.load offset=0
;;   i32.add
;;   br .return
;;       5b  add eax, [gs:rsi]
;;       5e  add rsp, 18h
;;       62  ret
;;       63  ud2
;; func 4 @0x82
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 73h
;;        a  sub rsp, 18h
;;        e  mov [rsp+8], r14
;;   i32.const 7
;;   pick 0
;;   call_indirect table=0 type=0 :: [i32] -> [i32]
;;       13  mov r11, [r14+30h]
;;       17  cmp rdi, [r11+8]
;;       1c  jae short 6Fh
;;       1e  mov r11, [r11]
;;       21  mov rax, [r11+rdi*8]
;;       26  cmp dword [rax+10h], 0
;;       2d  jne short 71h
;;       2f  mov [rsp], rdi
;;       33  mov edi, 7
;;       38  mov r10, [r14+8]
;;       3c  mov r14, [rax+8]
;;       40  cmp r10, [r14+8]
;;       44  je short 4Fh
;;       46  mov r10, [r14+8]
;;       4a  wrgsbase r10
;;       4f  call qword [rax]
;;       52  mov r11, [r14+8]
;;       56  mov r14, [rsp+8]
;;       5b  cmp r11, [r14+8]
;;       5f  je short 6Ah
;;       61  mov r11, [r14+8]
;;       65  wrgsbase r11
;;   br .return
;;       6a  add rsp, 18h
;;       6e  ret
;;       6f  ud2
;;       71  ud2
;;       73  ud2
