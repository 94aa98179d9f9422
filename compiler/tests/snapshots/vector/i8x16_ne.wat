(module (func (param v128 v128) (result v128)
  (i8x16.ne (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i8x16.ne
;;   br .return
;;        0  vpcmpeqb xmm2, xmm0, xmm1
;;        4  vpcmpeqd xmm15, xmm15, xmm15
;;        9  vpxor xmm2, xmm2, xmm15
;;        e  movaps xmm0, xmm2
;;       11  ret
