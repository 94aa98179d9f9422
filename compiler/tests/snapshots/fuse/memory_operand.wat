(module (memory 1)
  (func (param i32 i32) (result i32)
    (i32.sub (local.get 0) (i32.load offset=4 (local.get 1))))
  (func (param i32 i64) (result i64)
    (i64.mul (i64.load (local.get 0)) (local.get 1)))
  (func (param f64 i32) (result f64)
    (f64.div (local.get 0) (f64.load offset=1000 (local.get 1))))
  (func (param i32 i32) (result i32)
    (i32.lt_s (i32.load (local.get 0)) (local.get 1)))
  (func (param i32)
    (if (i32.eq (i32.load8_u (local.get 0)) (i32.const 34)) (then unreachable)))
  (func (param i32)
    (if (i64.ne (i64.load (i32.const 16)) (i64.const 1)) (then unreachable)))
  ;; Both operands are the load: it stays.
  (func (param i32) (result i32) (local i32)
    (i32.add (local.tee 1 (i32.load (local.get 0))) (local.get 1))))
;; becomes
;; func 0 @0x39
;;   pick 0
;;   pick 1
;;   i32.load offset=4
;;       20  mov r8d, [r15+rsi+4]
;;   i32.sub
;;   br .return
;;       25  mov r9, rdi
;;       28  sub r9d, r8d
;;       2b  mov rax, r9
;;       2e  ret
;; func 1 @0x44
;;   pick 0
;;   i64.load offset=0
;;       20  mov r8, [r15+rdi]
;;   pick 1
;;   i64.mul
;;   br .return
;;       25  imul r8, rsi
;;       29  mov rax, r8
;;       2c  ret
;; func 2 @0x4f
;;   pick 0
;;   pick 1
;;   f64.load offset=1000
;;   f64.div
;;   br .return
;;       20  vdivsd xmm1, xmm0, [r15+rdi+3E8h]
;;       2a  movaps xmm0, xmm1
;;       2e  ret
;; func 3 @0x5b
;;   pick 0
;;   i32.load offset=0
;;   pick 1
;;   i32.lt
;;   br .return
;;       20  cmp esi, [r15+rdi]
;;       25  setg r9b
;;       29  movzx r9d, r9b
;;       2d  mov rax, r9
;;       30  ret
;; func 4 @0x66
;;   pick 0
;;   u32.load8 offset=0
;;   i32.const 34
;;   i32.eq
;;   def .L0 keep=1 params=[] callers=many
;;   def .L1 keep=1 params=[] callers=1
;;   def .L2 keep=1 params=[] callers=1
;;   br_if .L2, .L1
;;   .L2:
;;       20  cmp byte [r15+rdi], 22h
;;       26  jne near 2Eh
;;   unreachable
;;       2c  ud2
;;   .L1:
;;   br .L0
;;   .L0:
;;   br .return
;;       2e  ret
;; func 5 @0x75
;;   i32.const 16
;;   i64.load offset=0
;;   i64.const 1
;;   i64.ne
;;   def .L0 keep=1 params=[] callers=many
;;   def .L1 keep=1 params=[] callers=1
;;   def .L2 keep=1 params=[] callers=1
;;   br_if .L2, .L1
;;   .L2:
;;       20  cmp qword [r15+10h], 1
;;       28  je near 30h
;;   unreachable
;;       2e  ud2
;;   .L1:
;;   br .L0
;;   .L0:
;;   br .return
;;       30  ret
;; func 6 @0x84
;;   locals 1 i32
;;   pick 0
;;   i32.load offset=0
;;       20  mov esi, [r15+rdi]
;;   tee 1
;;   pick 1
;;   i32.add
;;   br .return
;;       25  lea r8d, [rsi+rsi]
;;       29  mov rax, r8
;;       2c  ret
