(module (func (param v128) (result v128)
  (f64x2.abs (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f64x2.abs
;;       20  vandps xmm1, xmm0, [rip+8]
;;   br .return
;;       28  movaps xmm0, xmm1
;;       2b  ret
;;       2c  int3
;;       2d  int3
;;       2e  int3
;;       2f  int3
;;       30  do 7FFFFFFFFFFFFFFF7FFFFFFFFFFFFFFFh
