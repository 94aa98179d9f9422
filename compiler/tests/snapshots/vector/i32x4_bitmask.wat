(module (func (param v128) (result i32)
  (i32x4.bitmask (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32x4.bitmask
;;        0  vmovmskps esi, xmm0
;;   br .return
;;        4  mov rax, rsi
;;        7  ret
