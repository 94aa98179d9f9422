(module (func (param v128) (result v128)
  (i32x4.relaxed_trunc_f64x2_u_zero (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   u32x4.relaxed_truncate_zero_from.f64x2
;;   br .return
;;        0  xorps xmm15, xmm15
;;        4  vmaxpd xmm1, xmm0, xmm15
;;        9  vminpd xmm1, xmm1, [rip+1Fh]
;;       11  vroundpd xmm1, xmm1, 0Bh
;;       17  vaddpd xmm1, xmm1, [rip+21h]
;;       1f  vshufps xmm1, xmm1, xmm15, 88h
;;       25  movaps xmm0, xmm1
;;       28  ret
