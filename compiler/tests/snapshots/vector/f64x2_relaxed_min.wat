(module (func (param v128 v128) (result v128)
  (f64x2.relaxed_min (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f64x2.relaxed_min
;;   br .return
;;        0  vminpd xmm15, xmm1, xmm0
;;        4  vminpd xmm2, xmm0, xmm1
;;        8  vorps xmm15, xmm15, xmm2
;;        c  vcmpunordpd xmm2, xmm2, xmm15
;;       12  vorps xmm15, xmm15, xmm2
;;       16  vpsrlq xmm2, xmm2, 0Dh
;;       1b  vandnps xmm2, xmm2, xmm15
;;       20  movaps xmm0, xmm2
;;       23  ret
