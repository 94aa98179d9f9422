(module (func (param f32 f32) (result f32)
  (f32.max (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f32.max
;;   br .return
;;        0  movaps xmm2, xmm0
;;        3  ucomiss xmm2, xmm1
;;        7  jp short 11h
;;        9  jne short 18h
;;        b  andps xmm2, xmm1
;;        f  jmp short 1Dh
;;       11  addss xmm2, xmm1
;;       16  jmp short 1Dh
;;       18  maxss xmm2, xmm1
;;       1d  movaps xmm0, xmm2
;;       20  ret
