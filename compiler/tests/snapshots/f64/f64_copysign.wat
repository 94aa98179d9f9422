(module (func (param f64 f64) (result f64)
  (f64.copysign (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f64.copysign
;;   br .return
;;        0  movaps xmm2, xmm1
;;        3  mov r11, 8000000000000000h
;;        d  movq xmm15, r11
;;       12  andps xmm2, xmm15
;;       16  andnps xmm15, xmm0
;;       1a  orps xmm2, xmm15
;;       1e  movaps xmm0, xmm2
;;       21  ret
