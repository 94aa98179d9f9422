(module (func (param i32 i32) (result i32)
  (i32.div_u (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   u32.div
;;        0  mov rax, rdi
;;        3  test esi, esi
;;        6  je short 0Eh
;;        8  xor edx, edx
;;        a  div esi
;;   br .return
;;        d  ret
;;        e  ud2
