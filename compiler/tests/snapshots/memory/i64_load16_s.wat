(module (memory 1) (func (param i32) (result i64)
  (i64.load16_s offset=8 (local.get 0))))
;; becomes
;; func 0 @0x1d
;;   pick 0
;;   i64.load16 offset=8
;;        0  movsx rsi, word [r15+rdi+8]
;;   br .return
;;        6  mov rax, rsi
;;        9  ret
