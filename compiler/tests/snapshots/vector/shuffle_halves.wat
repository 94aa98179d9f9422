(module (func (param v128 v128) (result v128)
  (i8x16.shuffle 4 5 6 7 0 1 2 3 28 29 30 31 16 17 18 19 (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i8x16.shuffle [4, 5, 6, 7, 0, 1, 2, 3, 28, 29, 30, 31, 16, 17, 18, 19]
;;        0  vshufps xmm2, xmm0, xmm1, 31h
;;   br .return
;;        5  movaps xmm0, xmm2
;;        8  ret
