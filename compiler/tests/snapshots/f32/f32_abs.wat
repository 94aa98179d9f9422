(module (func (param f32) (result f32)
  (f32.abs (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f32.abs
;;        0  movaps xmm1, xmm0
;;        3  andps xmm1, [rip+6]
;;   br .return
;;        a  movaps xmm0, xmm1
;;        d  ret
