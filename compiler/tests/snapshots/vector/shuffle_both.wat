(module (func (param v128 v128) (result v128)
  (i8x16.shuffle 0 31 2 29 4 27 6 25 8 23 10 21 12 19 14 17 (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i8x16.shuffle [0, 31, 2, 29, 4, 27, 6, 25, 8, 23, 10, 21, 12, 19, 14, 17]
;;        0  vpshufb xmm2, xmm0, [rip+17h]
;;        9  vpshufb xmm15, xmm1, [rip+1Eh]
;;       12  vpor xmm2, xmm2, xmm15
;;   br .return
;;       17  movaps xmm0, xmm2
;;       1a  ret
