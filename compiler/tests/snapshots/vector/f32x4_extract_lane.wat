(module (func (param v128) (result f32)
  (f32x4.extract_lane 1 (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f32x4.extract_lane 1
;;        0  vpshufd xmm1, xmm0, 1
;;   br .return
;;        5  movaps xmm0, xmm1
;;        8  ret
