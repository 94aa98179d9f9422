(module (memory 1) (func (param i32) (result i64)
  (i64.load32_u offset=8 (local.get 0))))
;; becomes
;; func 0 @0x1d
;;   pick 0
;;   u64.load32 offset=8
;;        0  mov esi, [r15+rdi+8]
;;   br .return
;;        5  mov rax, rsi
;;        8  ret
