(module (func (param f32) (result i64)
  (i64.trunc_f32_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   u64.truncate_from.f32
;;        0  movss xmm15, [rip+47h]
;;        9  ucomiss xmm0, xmm15
;;        d  jae short 20h
;;        f  cvttss2si rsi, xmm0
;;       14  test rsi, rsi
;;       17  jns short 3Fh
;;       19  ucomiss xmm0, xmm0
;;       1c  jp short 43h
;;       1e  ud2
;;       20  movaps xmm1, xmm0
;;       23  subss xmm1, xmm15
;;       28  cvttss2si rsi, xmm1
;;       2d  test rsi, rsi
;;       30  js short 45h
;;       32  mov r11, 8000000000000000h
;;       3c  xor rsi, r11
;;   br .return
;;       3f  mov rax, rsi
;;       42  ret
;;       43  ud2
;;       45  ud2
