(module (func (param f32) (result i32)
  (i32.trunc_f32_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32.truncate_from.f32
;;       20  cvttss2si rsi, xmm0
;;       25  movsxd r11, esi
;;       28  cmp r11, rsi
;;       2b  je near 3Dh
;;       31  ucomiss xmm0, xmm0
;;       35  jp near 44h
;;       3b  ud2
;;       3d  mov esi, esi
;;   br .return
;;       40  mov rax, rsi
;;       43  ret
;;       44  ud2
