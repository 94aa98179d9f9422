(module (func (param f32) (result i64)
  (i64.trunc_sat_f32_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64.truncate_sat_from.f32
;;        0  cvttss2si rsi, xmm0
;;        5  cmp rsi, 1
;;        c  jno short 39h
;;        e  ucomiss xmm0, xmm0
;;       11  jnp short 17h
;;       13  xor esi, esi
;;       15  jmp short 39h
;;       17  xorps xmm15, xmm15
;;       1b  ucomiss xmm0, xmm15
;;       1f  jb short 2Dh
;;       21  mov rsi, 7FFFFFFFFFFFFFFFh
;;       2b  jmp short 39h
;;       2d  mov rsi, 8000000000000000h
;;       37  jmp short 39h
;;   br .return
;;       39  mov rax, rsi
;;       3c  ret
