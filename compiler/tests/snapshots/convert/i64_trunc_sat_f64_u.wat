(module (func (param f64) (result i64)
  (i64.trunc_sat_f64_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   u64.truncate_sat_from.f64
;;       20  mov r11, 43E0000000000000h
;;       2a  movq xmm15, r11
;;       2f  ucomisd xmm0, xmm15
;;       34  jae near 50h
;;       3a  cvttsd2si rsi, xmm0
;;       3f  test rsi, rsi
;;       42  jns near 80h
;;       48  xor esi, esi
;;       4b  jmp 80h
;;       50  movaps xmm1, xmm0
;;       54  subsd xmm1, xmm15
;;       59  cvttsd2si rsi, xmm1
;;       5e  test rsi, rsi
;;       61  jns near 73h
;;       67  mov rsi, 0FFFFFFFFFFFFFFFFh
;;       6e  jmp 80h
;;       73  mov r11, 8000000000000000h
;;       7d  xor rsi, r11
;;   br .return
;;       80  mov rax, rsi
;;       83  ret
