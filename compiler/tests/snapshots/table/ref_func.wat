(module (elem declare func 0) (func (result funcref) (ref.func 0)))
;; becomes
;; func 0 @0x1e
;;   ref.func 0
;;       20  mov rsi, [r14+18h]
;;       25  add rsi, 0
;;   br .return
;;       2c  mov rax, rsi
;;       2f  ret
