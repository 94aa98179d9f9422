(module (func (param f32) (result i64)
  (i64.trunc_sat_f32_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   u64.truncate_sat_from.f32
;;        0  movss xmm15, [rip+47h]
;;        9  ucomiss xmm0, xmm15
;;        d  jae short 1Dh
;;        f  cvttss2si rsi, xmm0
;;       14  test rsi, rsi
;;       17  jns short 45h
;;       19  xor esi, esi
;;       1b  jmp short 45h
;;       1d  movaps xmm1, xmm0
;;       20  subss xmm1, xmm15
;;       25  cvttss2si rsi, xmm1
;;       2a  test rsi, rsi
;;       2d  jns short 38h
;;       2f  mov rsi, 0FFFFFFFFFFFFFFFFh
;;       36  jmp short 45h
;;       38  mov r11, 8000000000000000h
;;       42  xor rsi, r11
;;   br .return
;;       45  mov rax, rsi
;;       48  ret
