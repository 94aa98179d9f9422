(module (func (param v128) (result v128)
  (f32x4.abs (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f32x4.abs
;;   br .return
;;        0  vandps xmm1, xmm0, [rip+8]
;;        8  movaps xmm0, xmm1
;;        b  ret
