(module (func (param f32 f32) (result f32)
  (f32.div (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f32.div
;;   br .return
;;        0  vdivss xmm2, xmm0, xmm1
;;        5  movaps xmm0, xmm2
;;        8  ret
