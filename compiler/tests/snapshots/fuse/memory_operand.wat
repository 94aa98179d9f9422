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
;;        0  mov r8d, [r15+rsi+4]
;;   i32.sub
;;   br .return
;;        5  mov r9, rdi
;;        8  sub r9d, r8d
;;        b  mov rax, r9
;;        e  ret
;; func 1 @0x44
;;   pick 0
;;   i64.load offset=0
;;        0  mov r8, [r15+rdi]
;;   pick 1
;;   i64.mul
;;   br .return
;;        4  imul r8, rsi
;;        8  mov rax, r8
;;        b  ret
;; func 2 @0x4f
;;   pick 0
;;   pick 1
;;   f64.load offset=1000
;;   f64.div
;;   br .return
;;        0  vdivsd xmm1, xmm0, [r15+rdi+3E8h]
;;        a  movaps xmm0, xmm1
;;        d  ret
;; func 3 @0x5b
;;   pick 0
;;   i32.load offset=0
;;   pick 1
;;   i32.lt
;;   br .return
;;        0  xor r9d, r9d
;;        3  cmp esi, [r15+rdi]
;;        7  setg r9b
;;        b  mov rax, r9
;;        e  ret
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
;;        0  cmp byte [r15+rdi], 22h
;;        5  jne short 9
;;   unreachable
;;        7  ud2
;;   .L1:
;;   br .L0
;;   .L0:
;;   br .return
;;        9  ret
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
;;        0  cmp qword [r15+10h], 1
;;        5  je short 9
;;   unreachable
;;        7  ud2
;;   .L1:
;;   br .L0
;;   .L0:
;;   br .return
;;        9  ret
;; func 6 @0x84
;;   locals 1 i32
;;   pick 0
;;   i32.load offset=0
;;        0  mov esi, [r15+rdi]
;;   tee 1
;;   pick 1
;;   i32.add
;;   br .return
;;        4  lea r8d, [rsi+rsi]
;;        8  mov rax, r8
;;        b  ret
