(module (func (param i64 i64) (result i64)
  (i64.mul (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i64.mul
;;   br .return
;;        0  mov r8, rdi
;;        3  imul r8, rsi
;;        7  mov rax, r8
;;        a  ret
