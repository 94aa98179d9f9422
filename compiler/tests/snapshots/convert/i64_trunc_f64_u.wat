(module (func (param f64) (result i64)
  (i64.trunc_f64_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   u64.truncate_from.f64
;;       20  mov r11, 43E0000000000000h
;;       2a  movq xmm15, r11
;;       2f  ucomisd xmm0, xmm15
;;       34  jae near 55h
;;       3a  cvttsd2si rsi, xmm0
;;       3f  test rsi, rsi
;;       42  jns near 79h
;;       48  ucomisd xmm0, xmm0
;;       4d  jp near 7Dh
;;       53  ud2
;;       55  movaps xmm1, xmm0
;;       59  subsd xmm1, xmm15
;;       5e  cvttsd2si rsi, xmm1
;;       63  test rsi, rsi
;;       66  js near 7Fh
;;       6c  mov r11, 8000000000000000h
;;       76  xor rsi, r11
;;   br .return
;;       79  mov rax, rsi
;;       7c  ret
;;       7d  ud2
;;       7f  ud2
