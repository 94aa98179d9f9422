(module (func (param f64) (result i32)
  (i32.trunc_f64_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   u32.truncate_from.f64
;;       20  cvttsd2si rsi, xmm0
;;       25  mov r11d, esi
;;       28  cmp r11, rsi
;;       2b  je near 3Eh
;;       31  ucomisd xmm0, xmm0
;;       36  jp near 45h
;;       3c  ud2
;;       3e  mov esi, esi
;;   br .return
;;       41  mov rax, rsi
;;       44  ret
;;       45  ud2
