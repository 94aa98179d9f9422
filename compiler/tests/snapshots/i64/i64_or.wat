(module (func (param i64 i64) (result i64)
  (i64.or (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i64.or
;;   br .return
;;        0  mov r8, rdi
;;        3  or r8, rsi
;;        6  mov rax, r8
;;        9  ret
