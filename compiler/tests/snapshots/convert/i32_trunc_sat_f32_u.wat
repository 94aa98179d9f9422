(module (func (param f32) (result i32)
  (i32.trunc_sat_f32_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   u32.truncate_sat_from.f32
;;       20  cvttss2si rsi, xmm0
;;       25  mov r11d, esi
;;       28  cmp r11, rsi
;;       2b  je near 64h
;;       31  ucomiss xmm0, xmm0
;;       35  jnp near 43h
;;       3b  xor esi, esi
;;       3e  jmp 67h
;;       43  xorps xmm15, xmm15
;;       47  ucomiss xmm0, xmm15
;;       4b  jb near 5Ch
;;       51  mov esi, 0FFFFFFFFh
;;       57  jmp 67h
;;       5c  xor esi, esi
;;       5f  jmp 67h
;;       64  mov esi, esi
;;   br .return
;;       67  mov rax, rsi
;;       6a  ret
