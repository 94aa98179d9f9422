(module (func (param i32) (result i64)
  (i64.extend_i32_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64.extend_from.u32
;;   br .return
;;        0  mov rax, rdi
;;        3  ret
