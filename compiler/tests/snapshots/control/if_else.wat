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
;;        0  cmp edi, esi
;;        2  jae short 9
;;   pick 0
;;   br .L0
;;   .L1:
;;        4  mov rax, rdi
;;        7  jmp short 0Eh
;;   i32.const 7
;;   br .L0
;;   .L0:
;;        9  mov eax, 7
;;   br .return
;;        e  ret
