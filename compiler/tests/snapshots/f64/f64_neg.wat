(module (func (param f64) (result f64)
  (f64.neg (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f64.neg
;;       20  movaps xmm1, xmm0
;;       24  mov r11, 8000000000000000h
;;       2e  movq xmm15, r11
;;       33  xorps xmm1, xmm15
;;   br .return
;;       37  movaps xmm0, xmm1
;;       3b  ret
