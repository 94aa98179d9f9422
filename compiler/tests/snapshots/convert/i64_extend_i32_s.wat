(module (func (param i32) (result i64)
  (i64.extend_i32_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64.extend_from.i32
;;        0  movsxd rsi, edi
;;   br .return
;;        3  mov rax, rsi
;;        6  ret
