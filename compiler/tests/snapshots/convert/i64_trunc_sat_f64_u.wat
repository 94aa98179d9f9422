(module (func (param f64) (result i64)
  (i64.trunc_sat_f64_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   u64.truncate_sat_from.f64
;;        0  mov r11, 43E0000000000000h
;;        a  movq xmm15, r11
;;        f  ucomisd xmm0, xmm15
;;       14  jae short 24h
;;       16  cvttsd2si rsi, xmm0
;;       1b  test rsi, rsi
;;       1e  jns short 4Ch
;;       20  xor esi, esi
;;       22  jmp short 4Ch
;;       24  movaps xmm1, xmm0
;;       27  subsd xmm1, xmm15
;;       2c  cvttsd2si rsi, xmm1
;;       31  test rsi, rsi
;;       34  jns short 3Fh
;;       36  mov rsi, 0FFFFFFFFFFFFFFFFh
;;       3d  jmp short 4Ch
;;       3f  mov r11, 8000000000000000h
;;       49  xor rsi, r11
;;   br .return
;;       4c  mov rax, rsi
;;       4f  ret
