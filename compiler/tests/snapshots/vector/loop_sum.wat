(module (memory 1) (func (param i32 i32) (result v128) (local v128)
  (loop
    (local.set 2 (f32x4.add (local.get 2) (v128.load (local.get 0))))
    (local.set 0 (i32.add (local.get 0) (i32.const 16)))
    (br_if 0 (i32.lt_u (local.get 0) (local.get 1))))
  (local.get 2)))
;; becomes
;; func 0 @0x1e
;;        0  sub rsp, 18h
;;        4  xor r11d, r11d
;;        7  mov [rsp], r11
;;        b  mov [rsp+8], r11
;;   locals 1 v128
;;   def .L0 keep=3 params=[] callers=many
;;   def .L1 keep=3 params=[] callers=many backward
;;   br .L1
;;   .L1:
;;       10  movups xmm0, [rsp]
;;   pick 2
;;   pick 0
;;   v128.load offset=0
;;   f32x4.add
;;   put 2
;;       14  vaddps xmm0, xmm0, [r15+rdi]
;;   pick 0
;;   i32.const 16
;;   i32.add
;;   put 0
;;       1a  add edi, 10h
;;   pick 0
;;   pick 1
;;   u32.lt
;;   def .L2 keep=3 params=[] callers=1
;;   br_if .L1, .L2
;;   .L2:
;;       1d  cmp edi, esi
;;       1f  jb short 14h
;;   br .L0
;;   .L0:
;;   pick 2
;;   br .return
;;       21  add rsp, 18h
;;       25  ret
