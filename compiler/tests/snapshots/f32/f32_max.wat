(module (func (param f32 f32) (result f32)
  (f32.max (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f32.max
;;   br .return
;;       20  movaps xmm2, xmm0
;;       24  ucomiss xmm2, xmm1
;;       28  jp near 3Dh
;;       2e  jne near 47h
;;       34  andps xmm2, xmm1
;;       38  jmp 4Ch
;;       3d  addss xmm2, xmm1
;;       42  jmp 4Ch
;;       47  maxss xmm2, xmm1
;;       4c  movaps xmm0, xmm2
;;       50  ret
