(module (func (param i32 i32) (result i32)
  (i32.div_u (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   u32.div
;;       20  mov rax, rdi
;;       23  test esi, esi
;;       26  je near 32h
;;       2c  xor edx, edx
;;       2e  div esi
;;   br .return
;;       31  ret
;;       32  ud2
