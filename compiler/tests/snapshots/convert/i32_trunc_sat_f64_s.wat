(module (func (param f64) (result i32)
  (i32.trunc_sat_f64_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32.truncate_sat_from.f64
;;       20  cvttsd2si rsi, xmm0
;;       25  movsxd r11, esi
;;       28  cmp r11, rsi
;;       2b  je near 69h
;;       31  ucomisd xmm0, xmm0
;;       36  jnp near 44h
;;       3c  xor esi, esi
;;       3f  jmp 6Ch
;;       44  xorps xmm15, xmm15
;;       48  ucomisd xmm0, xmm15
;;       4d  jb near 5Eh
;;       53  mov esi, 7FFFFFFFh
;;       59  jmp 6Ch
;;       5e  mov esi, 80000000h
;;       64  jmp 6Ch
;;       69  mov esi, esi
;;   br .return
;;       6c  mov rax, rsi
;;       6f  ret
