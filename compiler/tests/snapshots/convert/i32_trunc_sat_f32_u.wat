(module (func (param f32) (result i32)
  (i32.trunc_sat_f32_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   u32.truncate_sat_from.f32
;;        0  cvttss2si rsi, xmm0
;;        5  mov r11d, esi
;;        8  cmp r11, rsi
;;        b  je short 2Bh
;;        d  ucomiss xmm0, xmm0
;;       10  jnp short 16h
;;       12  xor esi, esi
;;       14  jmp short 2Eh
;;       16  xorps xmm15, xmm15
;;       1a  ucomiss xmm0, xmm15
;;       1e  jb short 27h
;;       20  mov esi, 0FFFFFFFFh
;;       25  jmp short 2Eh
;;       27  xor esi, esi
;;       29  jmp short 2Eh
;;       2b  mov esi, esi
;;   br .return
;;       2e  mov rax, rsi
;;       31  ret
