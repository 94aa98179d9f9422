(module (func (param v128) (result v128)
  (i8x16.shuffle 12 13 14 15 8 9 10 11 4 5 6 7 0 1 2 3 (local.get 0) (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   pick 0
;;   i8x16.shuffle [12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3]
;;        0  vpshufd xmm1, xmm0, 1Bh
;;   br .return
;;        5  movaps xmm0, xmm1
;;        8  ret
