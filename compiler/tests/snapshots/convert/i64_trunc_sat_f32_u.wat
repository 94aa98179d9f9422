(module (func (param f32) (result i64)
  (i64.trunc_sat_f32_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   u64.truncate_sat_from.f32
;;        0  mov r11d, 5F000000h
;;        6  movq xmm15, r11
;;        b  ucomiss xmm0, xmm15
;;        f  jae short 1Fh
;;       11  cvttss2si rsi, xmm0
;;       16  test rsi, rsi
;;       19  jns short 47h
;;       1b  xor esi, esi
;;       1d  jmp short 47h
;;       1f  movaps xmm1, xmm0
;;       22  subss xmm1, xmm15
;;       27  cvttss2si rsi, xmm1
;;       2c  test rsi, rsi
;;       2f  jns short 3Ah
;;       31  mov rsi, 0FFFFFFFFFFFFFFFFh
;;       38  jmp short 47h
;;       3a  mov r11, 8000000000000000h
;;       44  xor rsi, r11
;;   br .return
;;       47  mov rax, rsi
;;       4a  ret
