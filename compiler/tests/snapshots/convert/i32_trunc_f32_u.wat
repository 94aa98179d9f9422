(module (func (param f32) (result i32)
  (i32.trunc_f32_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   u32.truncate_from.f32
;;        0  cvttss2si rsi, xmm0
;;        5  mov r11d, esi
;;        8  cmp r11, rsi
;;        b  je short 14h
;;        d  ucomiss xmm0, xmm0
;;       10  jp short 1Bh
;;       12  ud2
;;       14  mov esi, esi
;;   br .return
;;       17  mov rax, rsi
;;       1a  ret
;;       1b  ud2
