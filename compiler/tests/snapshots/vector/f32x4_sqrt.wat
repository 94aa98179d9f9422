(module (func (param v128) (result v128)
  (f32x4.sqrt (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f32x4.sqrt
;;   br .return
;;        0  vsqrtps xmm1, xmm0
;;        4  movaps xmm0, xmm1
;;        7  ret
