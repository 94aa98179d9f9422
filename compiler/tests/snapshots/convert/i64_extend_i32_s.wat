(module (func (param i32) (result i64)
  (i64.extend_i32_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64.extend_from.i32
;;       20  movsxd rsi, edi
;;   br .return
;;       23  mov rax, rsi
;;       26  ret
