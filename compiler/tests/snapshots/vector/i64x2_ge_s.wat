(module (func (param v128 v128) (result v128)
  (i64x2.ge_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i64x2.ge
;;   br .return
;;        0  vpcmpgtq xmm2, xmm1, xmm0
;;        5  vpcmpeqd xmm15, xmm15, xmm15
;;        a  vpxor xmm2, xmm2, xmm15
;;        f  movaps xmm0, xmm2
;;       12  ret
