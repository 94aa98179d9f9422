(module (func (param v128 v128) (result v128)
  (i16x8.ge_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i16x8.ge
;;   br .return
;;        0  vpmaxsw xmm2, xmm0, xmm1
;;        4  vpcmpeqw xmm2, xmm2, xmm0
;;        8  movaps xmm0, xmm2
;;        b  ret
