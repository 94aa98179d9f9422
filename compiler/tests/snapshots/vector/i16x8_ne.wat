(module (func (param v128 v128) (result v128)
  (i16x8.ne (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i16x8.ne
;;       20  vpcmpeqw xmm2, xmm0, xmm1
;;       24  vpcmpeqd xmm15, xmm15, xmm15
;;       29  vpxor xmm2, xmm2, xmm15
;;   br .return
;;       2e  movaps xmm0, xmm2
;;       31  ret
