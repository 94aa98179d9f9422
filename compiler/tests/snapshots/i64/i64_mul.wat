(module (func (param i64 i64) (result i64)
  (i64.mul (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i64.mul
;;   br .return
;;       20  mov r8, rdi
;;       23  imul r8, rsi
;;       27  mov rax, r8
;;       2a  ret
