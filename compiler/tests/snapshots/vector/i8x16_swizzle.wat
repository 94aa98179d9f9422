(module (func (param v128 v128) (result v128)
  (i8x16.swizzle (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i8x16.swizzle
;;   br .return
;;        0  vpaddusb xmm15, xmm1, [rip+18h]
;;        8  vpshufb xmm2, xmm0, xmm15
;;        d  movaps xmm0, xmm2
;;       10  ret
