(module (func (param funcref) (result i32) (ref.is_null (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   funcref.is_null
;;   br .return
;;        0  test rdi, rdi
;;        3  sete sil
;;        7  movzx esi, sil
;;        b  mov rax, rsi
;;        e  ret
