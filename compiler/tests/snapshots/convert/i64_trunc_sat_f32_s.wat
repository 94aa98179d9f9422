(module (func (param f32) (result i64)
  (i64.trunc_sat_f32_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64.truncate_sat_from.f32
;;       20  cvttss2si rsi, xmm0
;;       25  cmp rsi, 1
;;       2c  jno near 70h
;;       32  ucomiss xmm0, xmm0
;;       36  jnp near 44h
;;       3c  xor esi, esi
;;       3f  jmp 70h
;;       44  xorps xmm15, xmm15
;;       48  ucomiss xmm0, xmm15
;;       4c  jb near 61h
;;       52  mov rsi, 7FFFFFFFFFFFFFFFh
;;       5c  jmp 70h
;;       61  mov rsi, 8000000000000000h
;;       6b  jmp 70h
;;   br .return
;;       70  mov rax, rsi
;;       73  ret
