(module (func (param f32 f32) (result i32)
  (f32.eq (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f32.eq
;;   br .return
;;        0  xor esi, esi
;;        2  ucomiss xmm0, xmm1
;;        5  setnp sil
;;        9  sete r11b
;;        d  and sil, r11b
;;       10  mov rax, rsi
;;       13  ret
