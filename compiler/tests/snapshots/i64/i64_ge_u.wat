(module (func (param i64 i64) (result i32)
  (i64.ge_u (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   u64.ge
;;   br .return
;;       20  cmp rdi, rsi
;;       23  setae r8b
;;       27  movzx r8d, r8b
;;       2b  mov rax, r8
;;       2e  ret
