(module (func (param v128 v128) (result v128)
  (f64x2.min (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f64x2.min
;;       20  vminpd xmm15, xmm1, xmm0
;;       24  vminpd xmm2, xmm0, xmm1
;;       28  vorps xmm15, xmm15, xmm2
;;       2c  vcmpunordpd xmm2, xmm2, xmm15
;;       32  vorps xmm15, xmm15, xmm2
;;       36  vpsrlq xmm2, xmm2, 0Dh
;;       3b  vandnps xmm2, xmm2, xmm15
;;   br .return
;;       40  movaps xmm0, xmm2
;;       43  ret
