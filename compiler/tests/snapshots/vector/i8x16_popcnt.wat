(module (func (param v128) (result v128)
  (i8x16.popcnt (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i8x16.popcnt
;;       20  vpand xmm2, xmm0, [rip+38h]
;;       28  vpsrlw xmm15, xmm0, 4
;;       2d  vpand xmm15, xmm15, [rip+2Bh]
;;       35  movaps xmm1, [rip+34h]
;;       3c  vpshufb xmm1, xmm1, xmm2
;;       41  movaps xmm2, [rip+28h]
;;       48  vpshufb xmm2, xmm2, xmm15
;;       4d  vpaddb xmm1, xmm1, xmm2
;;   br .return
;;       51  movaps xmm0, xmm1
;;       54  ret
;;       55  int3
;;       56  int3
;;       57  int3
;;       58  int3
;;       59  int3
;;       5a  int3
;;       5b  int3
;;       5c  int3
;;       5d  int3
;;       5e  int3
;;       5f  int3
;;       60  do 0F0F0F0F0F0F0F0F0F0F0F0F0F0F0F0Fh
;;       70  do 04030302030202010302020102010100h
