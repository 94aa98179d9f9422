(module (func (param v128 v128) (result v128)
  (i16x8.q15mulr_sat_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i16x8.q15mulr_sat
;;       20  vpmulhrsw xmm2, xmm0, xmm1
;;       25  vpcmpeqw xmm15, xmm2, [rip+13h]
;;       2d  vpxor xmm2, xmm2, xmm15
;;   br .return
;;       32  movaps xmm0, xmm2
;;       35  ret
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
;;       40  do 80008000800080008000800080008000h
