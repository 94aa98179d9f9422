(module (func (param v128) (result v128)
  (f32x4.neg (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f32x4.neg
;;   br .return
;;        0  vxorps xmm1, xmm0, [rip+8]
;;        8  movaps xmm0, xmm1
;;        b  ret
