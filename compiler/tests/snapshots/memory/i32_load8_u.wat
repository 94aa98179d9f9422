(module (memory 1) (func (param i32) (result i32)
  (i32.load8_u offset=8 (local.get 0))))
;; becomes
;; func 0 @0x1d
;;   pick 0
;;   u32.load8 offset=8
;;        0  movzx esi, byte [r15+rdi+8]
;;   br .return
;;        6  mov rax, rsi
;;        9  ret
