(module (func (param f32 f32) (result i32)
  (f32.ne (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f32.ne
;;   br .return
;;        0  ucomiss xmm0, xmm1
;;        3  setp sil
;;        7  setne r11b
;;        b  or sil, r11b
;;        e  movzx esi, sil
;;       12  mov rax, rsi
;;       15  ret
