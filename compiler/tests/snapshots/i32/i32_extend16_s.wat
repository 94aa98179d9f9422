(module (func (param i32) (result i32)
  (i32.extend16_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32.extend16
;;       20  movsx esi, di
;;   br .return
;;       24  mov rax, rsi
;;       27  ret
