(module (func (param f32 f32) (result f32)
  (f32.copysign (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f32.copysign
;;   br .return
;;       20  movaps xmm2, xmm1
;;       24  mov r11d, 80000000h
;;       2a  movq xmm15, r11
;;       2f  andps xmm2, xmm15
;;       33  andnps xmm15, xmm0
;;       37  orps xmm2, xmm15
;;       3b  movaps xmm0, xmm2
;;       3f  ret
