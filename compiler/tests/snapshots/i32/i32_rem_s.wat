(module (func (param i32 i32) (result i32)
  (i32.rem_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i32.rem
;;        0  mov rax, rdi
;;        3  test esi, esi
;;        6  je short 19h
;;        8  cmp esi, 0FFFFFFFFh
;;        b  jne short 11h
;;        d  xor edx, edx
;;        f  jmp short 15h
;;       11  cdq
;;       12  idiv esi
;;   br .return
;;       15  mov rax, rdx
;;       18  ret
;;       19  ud2
