(module (func (param f64) (result i64)
  (i64.trunc_sat_f64_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64.truncate_sat_from.f64
;;       20  cvttsd2si rsi, xmm0
;;       25  cmp rsi, 1
;;       2c  jno near 72h
;;       32  ucomisd xmm0, xmm0
;;       37  jnp near 45h
;;       3d  xor esi, esi
;;       40  jmp 72h
;;       45  xorps xmm15, xmm15
;;       49  ucomisd xmm0, xmm15
;;       4e  jb near 63h
;;       54  mov rsi, 7FFFFFFFFFFFFFFFh
;;       5e  jmp 72h
;;       63  mov rsi, 8000000000000000h
;;       6d  jmp 72h
;;   br .return
;;       72  mov rax, rsi
;;       75  ret
