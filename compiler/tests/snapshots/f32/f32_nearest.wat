(module (func (param f32) (result f32)
  (f32.nearest (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f32.nearest
;;        0  vroundss xmm1, xmm0, xmm0, 8
;;   br .return
;;        6  movaps xmm0, xmm1
;;        9  ret
