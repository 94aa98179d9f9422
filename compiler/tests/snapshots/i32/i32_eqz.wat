(module (func (param i32) (result i32)
  (i32.eqz (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32.eqz
;;   br .return
;;       20  test edi, edi
;;       23  sete sil
;;       27  movzx esi, sil
;;       2b  mov rax, rsi
;;       2e  ret
