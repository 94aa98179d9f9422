(module (func (param i32 i32 i32) (result i32)
  (select (local.get 0) (local.get 1) (i32.gt_s (local.get 0) (local.get 2)))))
;; becomes
;; func 0 @0x1a
;;   pick 0
;;   pick 1
;;   pick 0
;;   pick 2
;;   i32.gt
;;   select
;;       20  mov r8, rdi
;;       23  cmp edi, edx
;;       26  cmovle r8, rsi
;;   br .return
;;       2a  mov rax, r8
;;       2d  ret
