(module (func (param v128 v128) (result v128)
  (i64x2.lt_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i64x2.lt
;;   br .return
;;        0  vpcmpgtq xmm2, xmm1, xmm0
;;        5  movaps xmm0, xmm2
;;        8  ret
