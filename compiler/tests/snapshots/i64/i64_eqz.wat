(module (func (param i64) (result i32)
  (i64.eqz (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64.eqz
;;   br .return
;;       20  test rdi, rdi
;;       23  sete sil
;;       27  movzx esi, sil
;;       2b  mov rax, rsi
;;       2e  ret
