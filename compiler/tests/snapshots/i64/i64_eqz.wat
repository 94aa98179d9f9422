(module (func (param i64) (result i32)
  (i64.eqz (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64.eqz
;;   br .return
;;        0  test rdi, rdi
;;        3  sete sil
;;        7  movzx esi, sil
;;        b  mov rax, rsi
;;        e  ret
