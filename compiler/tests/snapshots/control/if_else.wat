(module (func (param i32 i32) (result i32)
  (if (result i32) (i32.lt_u (local.get 0) (local.get 1))
    (then (local.get 0)) (else (i32.const 7)))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   u32.lt
;;   def .L0 keep=2 params=[i32] callers=many
;;   def .L1 keep=2 params=[] callers=1
;;   def .L2 keep=2 params=[] callers=1
;;   br_if .L2, .L1
;;   .L2:
;;       20  cmp edi, esi
;;       23  jae near 31h
;;   pick 0
;;   br .L0
;;   .L1:
;;       29  mov rax, rdi
;;       2c  jmp 37h
;;   i32.const 7
;;   br .L0
;;   .L0:
;;       31  mov eax, 7
;;   br .return
;;       37  ret
