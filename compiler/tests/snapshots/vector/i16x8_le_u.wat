(module (func (param v128 v128) (result v128)
  (i16x8.le_u (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   u16x8.le
;;   br .return
;;        0  vpminuw xmm2, xmm0, xmm1
;;        5  vpcmpeqw xmm2, xmm2, xmm0
;;        9  movaps xmm0, xmm2
;;        c  ret
