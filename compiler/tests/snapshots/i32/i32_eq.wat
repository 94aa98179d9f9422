(module (func (param i32 i32) (result i32)
  (i32.eq (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i32.eq
;;   br .return
;;       20  cmp edi, esi
;;       23  sete r8b
;;       27  movzx r8d, r8b
;;       2b  mov rax, r8
;;       2e  ret
