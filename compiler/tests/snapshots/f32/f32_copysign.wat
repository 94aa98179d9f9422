(module (func (param f32 f32) (result f32)
  (f32.copysign (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f32.copysign
;;   br .return
;;        0  movaps xmm2, xmm1
;;        3  mov r11d, 80000000h
;;        9  movq xmm15, r11
;;        e  andps xmm2, xmm15
;;       12  andnps xmm15, xmm0
;;       16  orps xmm2, xmm15
;;       1a  movaps xmm0, xmm2
;;       1d  ret
