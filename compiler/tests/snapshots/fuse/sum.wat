(module
  (func (param i32 i32) (result i32)
    (i32.add (i32.add (local.get 0) (local.get 1)) (i32.const 12)))
  (func (param i32 i32) (result i32)
    (i32.add (local.get 1) (i32.shl (local.get 0) (i32.const 2))))
  (func (param i64 i64) (result i64)
    (i64.sub (i64.add (i64.shl (local.get 0) (i64.const 3)) (local.get 1)) (i64.const 1)))
  ;; Four terms are two instructions.
  (func (param i32 i32 i32) (result i32)
    (i32.add (i32.add (i32.add (local.get 0) (local.get 1)) (local.get 2)) (i32.const 1)))
  ;; A sum that is needed again stays.
  (func (param i32 i32) (result i32) (local i32)
    (i32.mul (i32.add (local.tee 2 (i32.add (local.get 0) (local.get 1))) (i32.const 1)) (local.get 2))))
;; becomes
;; func 0 @0x2a
;;   pick 0
;;   pick 1
;;   i32.add
;;   i32.const 12
;;   i32.add
;;   br .return
;;        0  lea r8d, [rdi+rsi+0Ch]
;;        5  mov rax, r8
;;        8  ret
;; func 1 @0x35
;;   pick 1
;;   pick 0
;;   i32.const 2
;;   i32.shl
;;   i32.add
;;   br .return
;;        0  lea r8d, [rsi+rdi*4]
;;        4  mov rax, r8
;;        7  ret
;; func 2 @0x40
;;   pick 0
;;   i64.const 3
;;   i64.shl
;;   pick 1
;;   i64.add
;;   i64.const 1
;;   i64.sub
;;   br .return
;;        0  lea r8, [rsi+rdi*8-1]
;;        5  mov rax, r8
;;        8  ret
;; func 3 @0x4e
;;   pick 0
;;   pick 1
;;   i32.add
;;   pick 2
;;        0  lea r8d, [rdi+rsi]
;;   i32.add
;;   i32.const 1
;;   i32.add
;;   br .return
;;        4  lea r8d, [r8+rdx+1]
;;        9  mov rax, r8
;;        c  ret
;; func 4 @0x5c
;;   locals 1 i32
;;   pick 0
;;   pick 1
;;   i32.add
;;   tee 2
;;        0  lea r8d, [rdi+rsi]
;;   i32.const 1
;;   i32.add
;;   pick 2
;;        4  lea r9d, [r8+1]
;;   i32.mul
;;   br .return
;;        8  imul r9d, r8d
;;        c  mov rax, r9
;;        f  ret
