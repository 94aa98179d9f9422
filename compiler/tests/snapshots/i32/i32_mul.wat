(module (func (param i32 i32) (result i32)
  (i32.mul (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i32.mul
;;   br .return
;;        0  mov r8, rdi
;;        3  imul r8d, esi
;;        7  mov rax, r8
;;        a  ret
