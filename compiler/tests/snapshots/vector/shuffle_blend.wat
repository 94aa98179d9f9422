(module (func (param v128 v128) (result v128)
  (i8x16.shuffle 0 1 18 19 4 5 22 23 8 9 26 27 12 13 30 31 (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i8x16.shuffle [0, 1, 18, 19, 4, 5, 22, 23, 8, 9, 26, 27, 12, 13, 30, 31]
;;        0  vpblendw xmm2, xmm0, xmm1, 0AAh
;;   br .return
;;        6  movaps xmm0, xmm2
;;        9  ret
