(module (func (param i32 i32) (result i32)
  (i32.rotl (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i32.rotl
;;   br .return
;;       20  mov rcx, rsi
;;       23  mov r8, rdi
;;       26  rol r8d, cl
;;       29  mov rax, r8
;;       2c  ret
