(module (func (param i64 i64) (result i64)
  (i64.div_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i64.div
;;        0  mov rax, rdi
;;        3  test rsi, rsi
;;        6  je short 0Eh
;;        8  cqo
;;        a  idiv rsi
;;   br .return
;;        d  ret
;;        e  ud2
