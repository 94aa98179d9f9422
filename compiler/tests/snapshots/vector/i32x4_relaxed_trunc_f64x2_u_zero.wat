(module (func (param v128) (result v128)
  (i32x4.relaxed_trunc_f64x2_u_zero (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   u32x4.relaxed_truncate_zero_from.f64x2
;;       20  xorps xmm15, xmm15
;;       24  vmaxpd xmm1, xmm0, xmm15
;;       29  vminpd xmm1, xmm1, [rip+1Fh]
;;       31  vroundpd xmm1, xmm1, 0Bh
;;       37  vaddpd xmm1, xmm1, [rip+21h]
;;       3f  vshufps xmm1, xmm1, xmm15, 88h
;;   br .return
;;       45  movaps xmm0, xmm1
;;       48  ret
;;       49  int3
;;       4a  int3
;;       4b  int3
;;       4c  int3
;;       4d  int3
;;       4e  int3
;;       4f  int3
;;       50  do 41EFFFFFFFE0000041EFFFFFFFE00000h
;;       60  do 43300000000000004330000000000000h
