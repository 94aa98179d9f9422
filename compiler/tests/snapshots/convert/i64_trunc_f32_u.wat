(module (func (param f32) (result i64)
  (i64.trunc_f32_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   u64.truncate_from.f32
;;       20  mov r11d, 5F000000h
;;       26  movq xmm15, r11
;;       2b  ucomiss xmm0, xmm15
;;       2f  jae near 4Fh
;;       35  cvttss2si rsi, xmm0
;;       3a  test rsi, rsi
;;       3d  jns near 73h
;;       43  ucomiss xmm0, xmm0
;;       47  jp near 77h
;;       4d  ud2
;;       4f  movaps xmm1, xmm0
;;       53  subss xmm1, xmm15
;;       58  cvttss2si rsi, xmm1
;;       5d  test rsi, rsi
;;       60  js near 79h
;;       66  mov r11, 8000000000000000h
;;       70  xor rsi, r11
;;   br .return
;;       73  mov rax, rsi
;;       76  ret
;;       77  ud2
;;       79  ud2
