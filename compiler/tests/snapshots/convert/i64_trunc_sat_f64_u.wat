(module (func (param f64) (result i64)
  (i64.trunc_sat_f64_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   u64.truncate_sat_from.f64
;;        0  movsd xmm15, [rip+47h]
;;        9  ucomisd xmm0, xmm15
;;        e  jae short 1Eh
;;       10  cvttsd2si rsi, xmm0
;;       15  test rsi, rsi
;;       18  jns short 46h
;;       1a  xor esi, esi
;;       1c  jmp short 46h
;;       1e  movaps xmm1, xmm0
;;       21  subsd xmm1, xmm15
;;       26  cvttsd2si rsi, xmm1
;;       2b  test rsi, rsi
;;       2e  jns short 39h
;;       30  mov rsi, 0FFFFFFFFFFFFFFFFh
;;       37  jmp short 46h
;;       39  mov r11, 8000000000000000h
;;       43  xor rsi, r11
;;   br .return
;;       46  mov rax, rsi
;;       49  ret
