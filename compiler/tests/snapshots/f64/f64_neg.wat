(module (func (param f64) (result f64)
  (f64.neg (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f64.neg
;;        0  movaps xmm1, xmm0
;;        3  mov r11, 8000000000000000h
;;        d  movq xmm15, r11
;;       12  xorps xmm1, xmm15
;;   br .return
;;       16  movaps xmm0, xmm1
;;       19  ret
