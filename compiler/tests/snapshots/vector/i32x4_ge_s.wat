(module (func (param v128 v128) (result v128)
  (i32x4.ge_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i32x4.ge
;;   br .return
;;        0  vpmaxsd xmm2, xmm0, xmm1
;;        5  vpcmpeqd xmm2, xmm2, xmm0
;;        9  movaps xmm0, xmm2
;;        c  ret
