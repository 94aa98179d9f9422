(module (func (param i64) (result i32)
  (i32.wrap_i64 (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32.wrap_from.i64
;;        0  mov esi, edi
;;   br .return
;;        3  mov rax, rsi
;;        6  ret
