(module (func (param i32) (result i32)
  (i32.eqz (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32.eqz
;;   br .return
;;        0  xor esi, esi
;;        2  test edi, edi
;;        4  sete sil
;;        8  mov rax, rsi
;;        b  ret
