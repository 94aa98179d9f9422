(module (func (param f32) (result v128)
  (f32x4.splat (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f32x4.splat
;;   br .return
;;        0  vshufps xmm1, xmm0, xmm0, 0
;;        5  movaps xmm0, xmm1
;;        8  ret
