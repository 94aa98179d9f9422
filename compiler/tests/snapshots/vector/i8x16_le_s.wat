(module (func (param v128 v128) (result v128)
  (i8x16.le_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i8x16.le
;;   br .return
;;        0  vpminsb xmm2, xmm0, xmm1
;;        5  vpcmpeqb xmm2, xmm2, xmm0
;;        9  movaps xmm0, xmm2
;;        c  ret
