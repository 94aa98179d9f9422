(module (func (param v128 v128 v128) (result v128)
  (i64x2.relaxed_laneselect (local.get 0) (local.get 1) (local.get 2))))
;; becomes
;; func 0 @0x1a
;;   pick 0
;;   pick 1
;;   pick 2
;;   i64x2.relaxed_laneselect
;;   br .return
;;        0  vpand xmm3, xmm0, xmm2
;;        4  vpandn xmm15, xmm2, xmm1
;;        8  vpor xmm3, xmm3, xmm15
;;        d  movaps xmm0, xmm3
;;       10  ret
