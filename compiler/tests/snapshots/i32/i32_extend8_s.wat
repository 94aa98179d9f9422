(module (func (param i32) (result i32)
  (i32.extend8_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32.extend8
;;        0  movsx esi, dil
;;   br .return
;;        4  mov rax, rsi
;;        7  ret
