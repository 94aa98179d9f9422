(module (memory 1) (func (param i32 i32) (result i32)
  (loop $again
    (i32.store8 (local.get 0) (local.get 1))
    (br_if $again (local.tee 0 (i32.add (local.get 0) (i32.const -1)))))
  ;; A sum may overflow: its flags do not tell which is less.
  (if (i32.lt_s (local.tee 1 (i32.add (local.get 1) (i32.const 3))) (i32.const 0)) (then (return (local.get 1))))
  (if (i32.lt_s (local.tee 1 (i32.and (local.get 1) (local.get 0))) (i32.const 0)) (then (return (local.get 0))))
  (local.get 1)))
;; becomes
;; func 0 @0x1e
;;   def .L0 keep=2 params=[] callers=many
;;   def .L1 keep=2 params=[] callers=many backward
;;   br .L1
;;   .L1:
;;   pick 0
;;   pick 1
;;   i32.store8 offset=0
;;        0  mov [r15+rdi], sil
;;   pick 0
;;   i32.const -1
;;   i32.add
;;   tee 0
;;        4  add edi, 0FFFFFFFFh
;;   def .L2 keep=2 params=[] callers=1
;;   br_if .L1, .L2
;;   .L2:
;;        7  jne short 0
;;   br .L0
;;   .L0:
;;   pick 1
;;   i32.const 3
;;   i32.add
;;   tee 1
;;        9  add esi, 3
;;   i32.const 0
;;   i32.lt
;;   def .L0 keep=2 params=[] callers=many
;;   def .L1 keep=2 params=[] callers=1
;;   def .L2 keep=2 params=[] callers=1
;;   br_if .L2, .L1
;;   .L2:
;;        c  test esi, esi
;;        e  jge short 15h
;;   pick 1
;;   br .return
;;       10  mov rax, rsi
;;   .L1:
;;   br .L0
;;   .L0:
;;       13  jmp short 21h
;;   pick 1
;;   pick 0
;;   i32.and
;;   tee 1
;;       15  and esi, edi
;;   i32.const 0
;;   i32.lt
;;   def .L0 keep=2 params=[] callers=many
;;   def .L1 keep=2 params=[] callers=1
;;   def .L2 keep=2 params=[] callers=1
;;   br_if .L2, .L1
;;   .L2:
;;       17  jge short 1Eh
;;   pick 0
;;   br .return
;;       19  mov rax, rdi
;;   .L1:
;;   br .L0
;;   .L0:
;;       1c  jmp short 21h
;;   pick 1
;;   br .return
;;       1e  mov rax, rsi
;;       21  ret
