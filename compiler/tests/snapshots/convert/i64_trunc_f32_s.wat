(module (func (param f32) (result i64)
  (i64.trunc_f32_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64.truncate_from.f32
;;       20  cvttss2si rsi, xmm0
;;       25  cmp rsi, 1
;;       2c  jno near 51h
;;       32  ucomiss xmm0, xmm0
;;       36  jp near 55h
;;       3c  mov r11d, 0DF000000h
;;       42  movq xmm15, r11
;;       47  ucomiss xmm0, xmm15
;;       4b  jne near 57h
;;   br .return
;;       51  mov rax, rsi
;;       54  ret
;;       55  ud2
;;       57  ud2
