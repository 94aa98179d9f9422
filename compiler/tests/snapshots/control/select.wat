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
;;        0  mov r8, rdi
;;        3  cmp edi, edx
;;        5  cmovle r8, rsi
;;   br .return
;;        9  mov rax, r8
;;        c  ret
