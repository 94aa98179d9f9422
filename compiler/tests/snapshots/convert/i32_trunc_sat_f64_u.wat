(module (func (param f64) (result i32)
  (i32.trunc_sat_f64_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   u32.truncate_sat_from.f64
;;        0  cvttsd2si rsi, xmm0
;;        5  mov r11d, esi
;;        8  cmp r11, rsi
;;        b  je short 2Dh
;;        d  ucomisd xmm0, xmm0
;;       11  jnp short 17h
;;       13  xor esi, esi
;;       15  jmp short 30h
;;       17  xorps xmm15, xmm15
;;       1b  ucomisd xmm0, xmm15
;;       20  jb short 29h
;;       22  mov esi, 0FFFFFFFFh
;;       27  jmp short 30h
;;       29  xor esi, esi
;;       2b  jmp short 30h
;;       2d  mov esi, esi
;;   br .return
;;       30  mov rax, rsi
;;       33  ret
