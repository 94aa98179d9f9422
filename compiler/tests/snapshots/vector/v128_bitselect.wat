(module (func (param v128 v128 v128) (result v128)
  (v128.bitselect (local.get 0) (local.get 1) (local.get 2))))
;; becomes
;; func 0 @0x1a
;;   pick 0
;;   pick 1
;;   pick 2
;;   v128.bitselect
;;       20  vpand xmm3, xmm0, xmm2
;;       24  vpandn xmm15, xmm2, xmm1
;;       28  vpor xmm3, xmm3, xmm15
;;   br .return
;;       2d  movaps xmm0, xmm3
;;       30  ret
