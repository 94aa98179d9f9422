(module (func (param f32) (result i32)
  (i32.trunc_sat_f32_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32.truncate_sat_from.f32
;;        0  cvttss2si rsi, xmm0
;;        5  movsxd r11, esi
;;        8  cmp r11, rsi
;;        b  je short 2Eh
;;        d  ucomiss xmm0, xmm0
;;       10  jnp short 16h
;;       12  xor esi, esi
;;       14  jmp short 31h
;;       16  xorps xmm15, xmm15
;;       1a  ucomiss xmm0, xmm15
;;       1e  jb short 27h
;;       20  mov esi, 7FFFFFFFh
;;       25  jmp short 31h
;;       27  mov esi, 80000000h
;;       2c  jmp short 31h
;;       2e  mov esi, esi
;;   br .return
;;       31  mov rax, rsi
;;       34  ret
