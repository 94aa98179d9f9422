(module (func (param i64) (result i64)
  (i64.clz (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64.clz
;;        0  lzcnt rsi, rdi
;;   br .return
;;        5  mov rax, rsi
;;        8  ret
