(module (func (param f32) (result i64)
  (i64.trunc_f32_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64.truncate_from.f32
;;        0  cvttss2si rsi, xmm0
;;        5  cmp rsi, 1
;;        c  jno short 24h
;;        e  ucomiss xmm0, xmm0
;;       11  jp short 28h
;;       13  mov r11d, 0DF000000h
;;       19  movq xmm15, r11
;;       1e  ucomiss xmm0, xmm15
;;       22  jne short 2Ah
;;   br .return
;;       24  mov rax, rsi
;;       27  ret
;;       28  ud2
;;       2a  ud2
