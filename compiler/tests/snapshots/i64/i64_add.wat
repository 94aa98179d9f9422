(module (func (param i64 i64) (result i64)
  (i64.add (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i64.add
;;   br .return
;;        0  lea r8, [rdi+rsi]
;;        4  mov rax, r8
;;        7  ret
