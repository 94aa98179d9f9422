(module (func (param f64) (result i64)
  (i64.trunc_f64_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   u64.truncate_from.f64
;;        0  movsd xmm15, [rip+47h]
;;        9  ucomisd xmm0, xmm15
;;        e  jae short 22h
;;       10  cvttsd2si rsi, xmm0
;;       15  test rsi, rsi
;;       18  jns short 41h
;;       1a  ucomisd xmm0, xmm0
;;       1e  jp short 45h
;;       20  ud2
;;       22  movaps xmm1, xmm0
;;       25  subsd xmm1, xmm15
;;       2a  cvttsd2si rsi, xmm1
;;       2f  test rsi, rsi
;;       32  js short 47h
;;       34  mov r11, 8000000000000000h
;;       3e  xor rsi, r11
;;   br .return
;;       41  mov rax, rsi
;;       44  ret
;;       45  ud2
;;       47  ud2
