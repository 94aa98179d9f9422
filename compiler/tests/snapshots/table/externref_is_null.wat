(module (func (param externref) (result i32) (ref.is_null (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   externref.is_null
;;   br .return
;;        0  xor esi, esi
;;        2  test rdi, rdi
;;        5  sete sil
;;        9  mov rax, rsi
;;        c  ret
