(module (memory 1) (func (param v128 i32) (result v128)
  (f32x4.mul (local.get 0) (v128.load (local.get 1)))))
;; becomes
;; func 0 @0x1e
;;   pick 0
;;   pick 1
;;   v128.load offset=0
;;   f32x4.mul
;;   br .return
;;        0  vmulps xmm1, xmm0, [r15+rdi]
;;        6  movaps xmm0, xmm1
;;        9  ret
