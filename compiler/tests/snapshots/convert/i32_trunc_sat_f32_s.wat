(module (func (param f32) (result i32)
  (i32.trunc_sat_f32_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32.truncate_sat_from.f32
;;       20  cvttss2si rsi, xmm0
;;       25  movsxd r11, esi
;;       28  cmp r11, rsi
;;       2b  je near 67h
;;       31  ucomiss xmm0, xmm0
;;       35  jnp near 43h
;;       3b  xor esi, esi
;;       3e  jmp 6Ah
;;       43  xorps xmm15, xmm15
;;       47  ucomiss xmm0, xmm15
;;       4b  jb near 5Ch
;;       51  mov esi, 7FFFFFFFh
;;       57  jmp 6Ah
;;       5c  mov esi, 80000000h
;;       62  jmp 6Ah
;;       67  mov esi, esi
;;   br .return
;;       6a  mov rax, rsi
;;       6d  ret
