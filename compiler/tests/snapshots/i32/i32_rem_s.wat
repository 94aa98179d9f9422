(module (func (param i32 i32) (result i32)
  (i32.rem_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i32.rem
;;       20  mov rax, rdi
;;       23  test esi, esi
;;       26  je near 45h
;;       2c  cmp esi, 0FFFFFFFFh
;;       30  jne near 3Dh
;;       36  xor edx, edx
;;       38  jmp 41h
;;       3d  cdq
;;       3e  idiv esi
;;   br .return
;;       41  mov rax, rdx
;;       44  ret
;;       45  ud2
