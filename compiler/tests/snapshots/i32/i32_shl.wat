(module (func (param i32 i32) (result i32)
  (i32.shl (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i32.shl
;;   br .return
;;        0  shlx r8d, edi, esi
;;        5  mov rax, r8
;;        8  ret
