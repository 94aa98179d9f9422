(module (func (param v128 v128) (result v128)
  (i8x16.shuffle 0 31 2 29 4 27 6 25 8 23 10 21 12 19 14 17 (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i8x16.shuffle [0, 31, 2, 29, 4, 27, 6, 25, 8, 23, 10, 21, 12, 19, 14, 17]
;;       20  vpshufb xmm2, xmm0, [rip+17h]
;;       29  vpshufb xmm15, xmm1, [rip+1Eh]
;;       32  vpor xmm2, xmm2, xmm15
;;   br .return
;;       37  movaps xmm0, xmm2
;;       3a  ret
;;       3b  int3
;;       3c  int3
;;       3d  int3
;;       3e  int3
;;       3f  int3
;;       40  do 800E800C800A80088006800480028000h
;;       50  do 018003800580078009800B800D800F80h
