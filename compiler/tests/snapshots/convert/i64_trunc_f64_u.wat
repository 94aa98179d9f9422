(module (func (param f64) (result i64)
  (i64.trunc_f64_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   u64.truncate_from.f64
;;        0  mov r11, 43E0000000000000h
;;        a  movq xmm15, r11
;;        f  ucomisd xmm0, xmm15
;;       14  jae short 28h
;;       16  cvttsd2si rsi, xmm0
;;       1b  test rsi, rsi
;;       1e  jns short 47h
;;       20  ucomisd xmm0, xmm0
;;       24  jp short 4Bh
;;       26  ud2
;;       28  movaps xmm1, xmm0
;;       2b  subsd xmm1, xmm15
;;       30  cvttsd2si rsi, xmm1
;;       35  test rsi, rsi
;;       38  js short 4Dh
;;       3a  mov r11, 8000000000000000h
;;       44  xor rsi, r11
;;   br .return
;;       47  mov rax, rsi
;;       4a  ret
;;       4b  ud2
;;       4d  ud2
