(module (func (param i64 i64) (result i64)
  (i64.shl (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i64.shl
;;   br .return
;;        0  shlx r8, rdi, rsi
;;        5  mov rax, r8
;;        8  ret
