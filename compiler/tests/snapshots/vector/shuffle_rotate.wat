(module (func (param v128) (result v128)
  (i8x16.shuffle 3 4 5 6 7 8 9 10 11 12 13 14 15 0 1 2 (local.get 0) (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   pick 0
;;   i8x16.shuffle [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2]
;;        0  vpalignr xmm1, xmm0, xmm0, 3
;;   br .return
;;        6  movaps xmm0, xmm1
;;        9  ret
