(module (func (param v128 v128) (result v128)
  (f32x4.relaxed_max (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f32x4.relaxed_max
;;       20  vmaxps xmm15, xmm1, xmm0
;;       24  vmaxps xmm2, xmm0, xmm1
;;       28  vxorps xmm2, xmm2, xmm15
;;       2d  vorps xmm15, xmm15, xmm2
;;       31  vsubps xmm15, xmm15, xmm2
;;       35  vcmpunordps xmm2, xmm2, xmm15
;;       3b  vpsrld xmm2, xmm2, 0Ah
;;       40  vandnps xmm2, xmm2, xmm15
;;   br .return
;;       45  movaps xmm0, xmm2
;;       48  ret
