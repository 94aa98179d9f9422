(module (func (param f32) (result f32)
  (f32.neg (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f32.neg
;;       20  movaps xmm1, xmm0
;;       24  mov r11d, 80000000h
;;       2a  movq xmm15, r11
;;       2f  xorps xmm1, xmm15
;;   br .return
;;       33  movaps xmm0, xmm1
;;       37  ret
