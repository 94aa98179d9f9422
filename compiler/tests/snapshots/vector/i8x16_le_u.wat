(module (func (param v128 v128) (result v128)
  (i8x16.le_u (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   u8x16.le
;;   br .return
;;        0  vpminub xmm2, xmm0, xmm1
;;        4  vpcmpeqb xmm2, xmm2, xmm0
;;        8  movaps xmm0, xmm2
;;        b  ret
