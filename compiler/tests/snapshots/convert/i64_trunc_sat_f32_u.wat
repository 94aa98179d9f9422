(module (func (param f32) (result i64)
  (i64.trunc_sat_f32_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   u64.truncate_sat_from.f32
;;       20  mov r11d, 5F000000h
;;       26  movq xmm15, r11
;;       2b  ucomiss xmm0, xmm15
;;       2f  jae near 4Bh
;;       35  cvttss2si rsi, xmm0
;;       3a  test rsi, rsi
;;       3d  jns near 7Bh
;;       43  xor esi, esi
;;       46  jmp 7Bh
;;       4b  movaps xmm1, xmm0
;;       4f  subss xmm1, xmm15
;;       54  cvttss2si rsi, xmm1
;;       59  test rsi, rsi
;;       5c  jns near 6Eh
;;       62  mov rsi, 0FFFFFFFFFFFFFFFFh
;;       69  jmp 7Bh
;;       6e  mov r11, 8000000000000000h
;;       78  xor rsi, r11
;;   br .return
;;       7b  mov rax, rsi
;;       7e  ret
