(module (func (param i32 i32) (result i32)
  (i32.rotl (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i32.rotl
;;   br .return
;;        0  mov rcx, rsi
;;        3  mov r8, rdi
;;        6  rol r8d, cl
;;        9  mov rax, r8
;;        c  ret
