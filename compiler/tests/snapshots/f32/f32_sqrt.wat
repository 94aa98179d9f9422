(module (func (param f32) (result f32)
  (f32.sqrt (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f32.sqrt
;;        0  vsqrtss xmm1, xmm0, xmm0
;;   br .return
;;        5  movaps xmm0, xmm1
;;        8  ret
