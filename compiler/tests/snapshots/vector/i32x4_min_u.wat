(module (func (param v128 v128) (result v128)
  (i32x4.min_u (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   u32x4.min
;;   br .return
;;       20  vpminud xmm2, xmm0, xmm1
;;       25  movaps xmm0, xmm2
;;       28  ret
