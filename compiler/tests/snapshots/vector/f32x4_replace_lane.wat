(module (func (param v128 f32) (result v128)
  (f32x4.replace_lane 1 (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f32x4.replace_lane 1
;;        0  vinsertps xmm2, xmm0, xmm1, 10h
;;   br .return
;;        6  movaps xmm0, xmm2
;;        9  ret
