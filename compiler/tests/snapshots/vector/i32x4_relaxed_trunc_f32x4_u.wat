(module (func (param v128) (result v128)
  (i32x4.relaxed_trunc_f32x4_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   u32x4.relaxed_truncate_from.f32x4
;;       20  xorps xmm15, xmm15
;;       24  vmaxps xmm1, xmm0, xmm15
;;       29  movaps xmm15, [rip+2Fh]
;;       31  vsubps xmm2, xmm1, xmm15
;;       36  vcmpleps xmm15, xmm15, xmm2
;;       3b  vcvttps2dq xmm2, xmm2
;;       3f  vpxor xmm2, xmm2, xmm15
;;       44  xorps xmm15, xmm15
;;       48  vpmaxsd xmm2, xmm2, xmm15
;;       4d  vcvttps2dq xmm1, xmm1
;;       51  vpaddd xmm1, xmm1, xmm2
;;   br .return
;;       55  movaps xmm0, xmm1
;;       58  ret
;;       59  int3
;;       5a  int3
;;       5b  int3
;;       5c  int3
;;       5d  int3
;;       5e  int3
;;       5f  int3
;;       60  do 4F0000004F0000004F0000004F000000h
