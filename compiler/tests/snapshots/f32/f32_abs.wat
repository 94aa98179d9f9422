(module (func (param f32) (result f32)
  (f32.abs (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f32.abs
;;        0  movaps xmm1, xmm0
;;        3  mov r11d, 7FFFFFFFh
;;        9  movq xmm15, r11
;;        e  andps xmm1, xmm15
;;   br .return
;;       12  movaps xmm0, xmm1
;;       15  ret
