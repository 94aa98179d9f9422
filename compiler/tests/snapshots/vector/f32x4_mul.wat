(module (func (param v128 v128) (result v128)
  (f32x4.mul (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f32x4.mul
;;   br .return
;;        0  vmulps xmm2, xmm0, xmm1
;;        4  movaps xmm0, xmm2
;;        7  ret
