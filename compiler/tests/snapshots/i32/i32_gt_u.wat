(module (func (param i32 i32) (result i32)
  (i32.gt_u (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   u32.gt
;;   br .return
;;        0  xor r8d, r8d
;;        3  cmp edi, esi
;;        5  seta r8b
;;        9  mov rax, r8
;;        c  ret
