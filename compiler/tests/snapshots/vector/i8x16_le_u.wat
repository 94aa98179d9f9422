(module (func (param v128 v128) (result v128)
  (i8x16.le_u (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   u8x16.le
;;       20  vpminub xmm2, xmm0, xmm1
;;       24  vpcmpeqb xmm2, xmm2, xmm0
;;   br .return
;;       28  movaps xmm0, xmm2
;;       2b  ret
