(module (memory 1) (func (param i32 i32) (result v128) (local v128 v128)
  (loop
    (local.set 2 (f32x4.relaxed_madd (v128.load (local.get 0)) (v128.load (local.get 1)) (local.get 2)))
    (local.set 3 (i32x4.abs (i32x4.add (local.get 3) (local.get 2))))
    (local.set 0 (i32.add (local.get 0) (i32.const 16)))
    (br_if 0 (i32.lt_u (local.get 0) (local.get 1))))
  (f32x4.add (local.get 2) (local.get 3))))
;; becomes
;; func 0 @0x1e
;;        0  sub rsp, 28h
;;        4  xor r11d, r11d
;;        7  mov [rsp], r11
;;        b  mov [rsp+8], r11
;;       10  mov [rsp+10h], r11
;;       15  mov [rsp+18h], r11
;;   locals 2 v128
;;   def .L0 keep=4 params=[] callers=many
;;   def .L1 keep=4 params=[] callers=many backward
;;   br .L1
;;   .L1:
;;       1a  movups xmm2, [rsp]
;;       1e  movups xmm3, [rsp+10h]
;;       23  nop dword [rax+rax]
;;       2b  nop dword [rax+rax]
;;       33  nop dword [rax+rax]
;;       3b  nop dword [rax+rax]
;;   pick 0
;;   v128.load offset=0
;;       40  vmovups xmm0, [r15+rdi]
;;   pick 1
;;   v128.load offset=0
;;   pick 2
;;   f32x4.relaxed_madd
;;   put 2
;;       46  vfmadd231ps xmm2, xmm0, [r15+rsi]
;;   pick 3
;;   pick 2
;;   i32x4.add
;;   i32x4.abs
;;       4c  vpaddd xmm0, xmm3, xmm2
;;   put 3
;;       50  vpabsd xmm3, xmm0
;;   pick 0
;;   i32.const 16
;;   i32.add
;;   put 0
;;       55  add edi, 10h
;;   pick 0
;;   pick 1
;;   u32.lt
;;   def .L2 keep=4 params=[] callers=1
;;   br_if .L1, .L2
;;   .L2:
;;       58  cmp edi, esi
;;       5a  jb short 40h
;;   br .L0
;;   .L0:
;;   pick 2
;;   pick 3
;;   f32x4.add
;;   br .return
;;       5c  vaddps xmm0, xmm2, xmm3
;;       60  add rsp, 28h
;;       64  ret
