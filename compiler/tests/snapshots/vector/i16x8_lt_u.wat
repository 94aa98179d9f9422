(module (func (param v128 v128) (result v128)
  (i16x8.lt_u (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   u16x8.lt
;;       20  vpmaxuw xmm2, xmm0, xmm1
;;       25  vpcmpeqw xmm2, xmm2, xmm0
;;       29  vpcmpeqd xmm15, xmm15, xmm15
;;       2e  vpxor xmm2, xmm2, xmm15
;;   br .return
;;       33  movaps xmm0, xmm2
;;       36  ret
