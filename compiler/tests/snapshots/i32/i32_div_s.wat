(module (func (param i32 i32) (result i32)
  (i32.div_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i32.div
;;       20  mov rax, rdi
;;       23  test esi, esi
;;       26  je near 31h
;;       2c  cdq
;;       2d  idiv esi
;;   br .return
;;       30  ret
;;       31  ud2
