(module (func (param f64 f64) (result f64)
  (f64.copysign (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f64.copysign
;;   br .return
;;       20  movaps xmm2, xmm1
;;       24  mov r11, 8000000000000000h
;;       2e  movq xmm15, r11
;;       33  andps xmm2, xmm15
;;       37  andnps xmm15, xmm0
;;       3b  orps xmm2, xmm15
;;       3f  movaps xmm0, xmm2
;;       43  ret
