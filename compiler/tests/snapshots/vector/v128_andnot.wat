(module (func (param v128 v128) (result v128)
  (v128.andnot (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   v128.andnot
;;   br .return
;;       20  vpandn xmm2, xmm1, xmm0
;;       24  movaps xmm0, xmm2
;;       27  ret
