(module (func (param f64) (result i64)
  (i64.trunc_sat_f64_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64.truncate_sat_from.f64
;;        0  cvttsd2si rsi, xmm0
;;        5  cmp rsi, 1
;;        c  jno short 3Bh
;;        e  ucomisd xmm0, xmm0
;;       12  jnp short 18h
;;       14  xor esi, esi
;;       16  jmp short 3Bh
;;       18  xorps xmm15, xmm15
;;       1c  ucomisd xmm0, xmm15
;;       21  jb short 2Fh
;;       23  mov rsi, 7FFFFFFFFFFFFFFFh
;;       2d  jmp short 3Bh
;;       2f  mov rsi, 8000000000000000h
;;       39  jmp short 3Bh
;;   br .return
;;       3b  mov rax, rsi
;;       3e  ret
