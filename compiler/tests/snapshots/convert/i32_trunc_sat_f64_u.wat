(module (func (param f64) (result i32)
  (i32.trunc_sat_f64_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   u32.truncate_sat_from.f64
;;       20  cvttsd2si rsi, xmm0
;;       25  mov r11d, esi
;;       28  cmp r11, rsi
;;       2b  je near 66h
;;       31  ucomisd xmm0, xmm0
;;       36  jnp near 44h
;;       3c  xor esi, esi
;;       3f  jmp 69h
;;       44  xorps xmm15, xmm15
;;       48  ucomisd xmm0, xmm15
;;       4d  jb near 5Eh
;;       53  mov esi, 0FFFFFFFFh
;;       59  jmp 69h
;;       5e  xor esi, esi
;;       61  jmp 69h
;;       66  mov esi, esi
;;   br .return
;;       69  mov rax, rsi
;;       6c  ret
