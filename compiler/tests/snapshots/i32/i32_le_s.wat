(module (func (param i32 i32) (result i32)
  (i32.le_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i32.le
;;   br .return
;;        0  cmp edi, esi
;;        2  setle r8b
;;        6  movzx r8d, r8b
;;        a  mov rax, r8
;;        d  ret
