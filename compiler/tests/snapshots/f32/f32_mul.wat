(module (func (param f32 f32) (result f32)
  (f32.mul (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f32.mul
;;   br .return
;;       20  vmulss xmm2, xmm0, xmm1
;;       25  movaps xmm0, xmm2
;;       29  ret
