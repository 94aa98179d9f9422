(module (func (param i64) (result i32)
  (i64.eqz (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64.eqz
;;   br .return
;;        0  xor esi, esi
;;        2  test rdi, rdi
;;        5  sete sil
;;        9  mov rax, rsi
;;        c  ret
