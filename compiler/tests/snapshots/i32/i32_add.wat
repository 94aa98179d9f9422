(module (func (param i32 i32) (result i32)
  (i32.add (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i32.add
;;   br .return
;;        0  lea r8d, [rdi+rsi]
;;        4  mov rax, r8
;;        7  ret
