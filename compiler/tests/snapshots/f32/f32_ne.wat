(module (func (param f32 f32) (result i32)
  (f32.ne (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f32.ne
;;   br .return
;;       20  ucomiss xmm0, xmm1
;;       24  setp sil
;;       28  setne r11b
;;       2c  or sil, r11b
;;       2f  movzx esi, sil
;;       33  mov rax, rsi
;;       36  ret
