(module (memory 1) (func (param i32) (result i32)
  (i32.load offset=8 (local.get 0))))
;; becomes
;; func 0 @0x1d
;;   pick 0
;;   i32.load offset=8
;;        0  mov esi, [r15+rdi+8]
;;   br .return
;;        5  mov rax, rsi
;;        8  ret
