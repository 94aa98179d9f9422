(module (func (param v128 v128) (result v128)
  (f64x2.relaxed_max (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f64x2.relaxed_max
;;   br .return
;;        0  vmaxpd xmm15, xmm1, xmm0
;;        4  vmaxpd xmm2, xmm0, xmm1
;;        8  vxorps xmm2, xmm2, xmm15
;;        d  vorps xmm15, xmm15, xmm2
;;       11  vsubpd xmm15, xmm15, xmm2
;;       15  vcmpunordpd xmm2, xmm2, xmm15
;;       1b  vpsrlq xmm2, xmm2, 0Dh
;;       20  vandnps xmm2, xmm2, xmm15
;;       25  movaps xmm0, xmm2
;;       28  ret
