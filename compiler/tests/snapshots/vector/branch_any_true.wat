(module (func (param v128) (result i32)
  (if (result i32) (i32.eqz (v128.any_true (local.get 0))) (then (i32.const 1)) (else (i32.const 2)))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   v128.any_true
;;   i32.eqz
;;   def .L0 keep=1 params=[i32] callers=many
;;   def .L1 keep=1 params=[] callers=1
;;   def .L2 keep=1 params=[] callers=1
;;   br_if .L2, .L1
;;   .L2:
;;        0  vptest xmm0, xmm0
;;        5  jne short 0Eh
;;   i32.const 1
;;   br .L0
;;   .L1:
;;        7  mov eax, 1
;;        c  jmp short 13h
;;   i32.const 2
;;   br .L0
;;   .L0:
;;        e  mov eax, 2
;;   br .return
;;       13  ret
