(module (func (param f64) (result f64)
  (f64.abs (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f64.abs
;;        0  movaps xmm1, xmm0
;;        3  mov r11, 7FFFFFFFFFFFFFFFh
;;        d  movq xmm15, r11
;;       12  andps xmm1, xmm15
;;   br .return
;;       16  movaps xmm0, xmm1
;;       19  ret
