(module (func (param v128 f64) (result v128)
  (f64x2.replace_lane 1 (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f64x2.replace_lane 1
;;        0  vmovlhps xmm2, xmm0, xmm1
;;   br .return
;;        4  movaps xmm0, xmm2
;;        7  ret
