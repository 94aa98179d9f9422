(module (func (param v128) (result v128)
  (f32x4.neg (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f32x4.neg
;;       20  vxorps xmm1, xmm0, [rip+8]
;;   br .return
;;       28  movaps xmm0, xmm1
;;       2b  ret
;;       2c  int3
;;       2d  int3
;;       2e  int3
;;       2f  int3
;;       30  do 80000000800000008000000080000000h
