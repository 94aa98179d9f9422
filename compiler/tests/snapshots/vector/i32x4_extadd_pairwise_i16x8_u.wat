(module (func (param v128) (result v128)
  (i32x4.extadd_pairwise_i16x8_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32x4.extadd_pairwise_from.u16x8
;;       20  vpxor xmm1, xmm0, [rip+18h]
;;       28  vpmaddwd xmm1, xmm1, [rip+20h]
;;       30  vpaddd xmm1, xmm1, [rip+28h]
;;   br .return
;;       38  movaps xmm0, xmm1
;;       3b  ret
;;       3c  int3
;;       3d  int3
;;       3e  int3
;;       3f  int3
;;       40  do 80008000800080008000800080008000h
;;       50  do 00010001000100010001000100010001h
;;       60  do 00010000000100000001000000010000h
