(module (func (param f32) (result f32)
  (f32.neg (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f32.neg
;;        0  movaps xmm1, xmm0
;;        3  mov r11d, 80000000h
;;        9  movq xmm15, r11
;;        e  xorps xmm1, xmm15
;;   br .return
;;       12  movaps xmm0, xmm1
;;       15  ret
