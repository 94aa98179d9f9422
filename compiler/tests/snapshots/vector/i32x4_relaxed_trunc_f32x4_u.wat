(module (func (param v128) (result v128)
  (i32x4.relaxed_trunc_f32x4_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   u32x4.relaxed_truncate_from.f32x4
;;   br .return
;;        0  xorps xmm15, xmm15
;;        4  vmaxps xmm1, xmm0, xmm15
;;        9  movaps xmm15, [rip+2Fh]
;;       11  vsubps xmm2, xmm1, xmm15
;;       16  vcmpleps xmm15, xmm15, xmm2
;;       1b  vcvttps2dq xmm2, xmm2
;;       1f  vpxor xmm2, xmm2, xmm15
;;       24  xorps xmm15, xmm15
;;       28  vpmaxsd xmm2, xmm2, xmm15
;;       2d  vcvttps2dq xmm1, xmm1
;;       31  vpaddd xmm1, xmm1, xmm2
;;       35  movaps xmm0, xmm1
;;       38  ret
