(module (func (param f32 f32) (result i32)
  (f32.ne (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f32.ne
;;   br .return
;;        0  xor esi, esi
;;        2  ucomiss xmm0, xmm1
;;        5  setp sil
;;        9  setne r11b
;;        d  or sil, r11b
;;       10  mov rax, rsi
;;       13  ret
