(module (func (param i64 i64) (result i64)
  (i64.shr_u (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   u64.shr
;;   br .return
;;        0  shrx r8, rdi, rsi
;;        5  mov rax, r8
;;        8  ret
