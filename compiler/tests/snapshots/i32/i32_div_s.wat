(module (func (param i32 i32) (result i32)
  (i32.div_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i32.div
;;        0  mov rax, rdi
;;        3  test esi, esi
;;        6  je short 0Dh
;;        8  cdq
;;        9  idiv esi
;;   br .return
;;        c  ret
;;        d  ud2
