(module (func (param i32 i32) (result i32)
  (i32.shr_u (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   u32.shr
;;   br .return
;;        0  shrx r8d, edi, esi
;;        5  mov rax, r8
;;        8  ret
