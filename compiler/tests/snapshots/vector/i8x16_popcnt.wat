(module (func (param v128) (result v128)
  (i8x16.popcnt (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i8x16.popcnt
;;   br .return
;;        0  vpand xmm2, xmm0, [rip+38h]
;;        8  vpsrlw xmm15, xmm0, 4
;;        d  vpand xmm15, xmm15, [rip+2Bh]
;;       15  movaps xmm1, [rip+34h]
;;       1c  vpshufb xmm1, xmm1, xmm2
;;       21  movaps xmm2, [rip+28h]
;;       28  vpshufb xmm2, xmm2, xmm15
;;       2d  vpaddb xmm1, xmm1, xmm2
;;       31  movaps xmm0, xmm1
;;       34  ret
