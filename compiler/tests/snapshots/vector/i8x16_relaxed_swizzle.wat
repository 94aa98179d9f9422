(module (func (param v128 v128) (result v128)
  (i8x16.relaxed_swizzle (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i8x16.relaxed_swizzle
;;       20  vpaddusb xmm15, xmm1, [rip+18h]
;;       28  vpshufb xmm2, xmm0, xmm15
;;   br .return
;;       2d  movaps xmm0, xmm2
;;       30  ret
;;       31  int3
;;       32  int3
;;       33  int3
;;       34  int3
;;       35  int3
;;       36  int3
;;       37  int3
;;       38  int3
;;       39  int3
;;       3a  int3
;;       3b  int3
;;       3c  int3
;;       3d  int3
;;       3e  int3
;;       3f  int3
;;       40  do 70707070707070707070707070707070h
