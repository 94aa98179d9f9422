(module (func (param externref) (result i32) (ref.is_null (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   externref.is_null
;;   br .return
;;       20  test rdi, rdi
;;       23  sete sil
;;       27  movzx esi, sil
;;       2b  mov rax, rsi
;;       2e  ret
