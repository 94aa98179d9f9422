(module (func (param f32) (result i64)
  (i64.trunc_f32_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   u64.truncate_from.f32
;;        0  mov r11d, 5F000000h
;;        6  movq xmm15, r11
;;        b  ucomiss xmm0, xmm15
;;        f  jae short 22h
;;       11  cvttss2si rsi, xmm0
;;       16  test rsi, rsi
;;       19  jns short 41h
;;       1b  ucomiss xmm0, xmm0
;;       1e  jp short 45h
;;       20  ud2
;;       22  movaps xmm1, xmm0
;;       25  subss xmm1, xmm15
;;       2a  cvttss2si rsi, xmm1
;;       2f  test rsi, rsi
;;       32  js short 47h
;;       34  mov r11, 8000000000000000h
;;       3e  xor rsi, r11
;;   br .return
;;       41  mov rax, rsi
;;       44  ret
;;       45  ud2
;;       47  ud2
