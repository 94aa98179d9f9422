(module (func (param f32 f32) (result i32)
  (f32.gt (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f32.gt
;;   br .return
;;       20  ucomiss xmm0, xmm1
;;       24  seta sil
;;       28  movzx esi, sil
;;       2c  mov rax, rsi
;;       2f  ret
