(module (func (param v128 v128) (result v128)
  (i8x16.shuffle 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 0 (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i8x16.shuffle [15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
;;        0  vpshufb xmm2, xmm0, [rip+7]
;;   br .return
;;        9  movaps xmm0, xmm2
;;        c  ret
