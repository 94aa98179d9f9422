(module (elem declare func 0) (func (result funcref) (ref.func 0)))
;; becomes
;; func 0 @0x1e
;;   ref.func 0
;;        0  mov rsi, [r14+18h]
;;        4  add rsi, 0
;;   br .return
;;        b  mov rax, rsi
;;        e  ret
