(module (memory 1) (func (param i32) (result i32)
  (i32.load16_s offset=8 (local.get 0))))
;; becomes
;; func 0 @0x1d
;;   pick 0
;;   i32.load16 offset=8
;;        0  movsx esi, word [r15+rdi+8]
;;   br .return
;;        6  mov rax, rsi
;;        9  ret
