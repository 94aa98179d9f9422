(module (func (param v128 v128) (result v128)
  (i8x16.shuffle 0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23 (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i8x16.shuffle [0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23]
;;        0  vpunpcklwd xmm2, xmm0, xmm1
;;   br .return
;;        4  movaps xmm0, xmm2
;;        7  ret
