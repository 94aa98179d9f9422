(module (func (param f64) (result i32)
  (i32.trunc_sat_f64_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32.truncate_sat_from.f64
;;        0  cvttsd2si rsi, xmm0
;;        5  movsxd r11, esi
;;        8  cmp r11, rsi
;;        b  je short 30h
;;        d  ucomisd xmm0, xmm0
;;       11  jnp short 17h
;;       13  xor esi, esi
;;       15  jmp short 33h
;;       17  xorps xmm15, xmm15
;;       1b  ucomisd xmm0, xmm15
;;       20  jb short 29h
;;       22  mov esi, 7FFFFFFFh
;;       27  jmp short 33h
;;       29  mov esi, 80000000h
;;       2e  jmp short 33h
;;       30  mov esi, esi
;;   br .return
;;       33  mov rax, rsi
;;       36  ret
