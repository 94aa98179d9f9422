(module (func (param v128 v128) (result v128)
  (i16x8.relaxed_q15mulr_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i16x8.relaxed_q15mulr
;;   br .return
;;        0  vpmulhrsw xmm2, xmm0, xmm1
;;        5  vpcmpeqw xmm15, xmm2, [rip+13h]
;;        d  vpxor xmm2, xmm2, xmm15
;;       12  movaps xmm0, xmm2
;;       15  ret
