(module (func (param v128) (result i32)
  (i64x2.bitmask (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64x2.bitmask
;;       20  vmovmskpd esi, xmm0
;;   br .return
;;       24  mov rax, rsi
;;       27  ret
