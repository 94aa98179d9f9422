(module (func (param i32) (result i32)
  (i32.eqz (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32.eqz
;;   br .return
;;        0  test edi, edi
;;        2  sete sil
;;        6  movzx esi, sil
;;        a  mov rax, rsi
;;        d  ret
