(module (func (param v128) (result v128)
  (i32x4.add (local.get 0) (v128.const i32x4 1 2 3 4))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   v128.const i32x4 0x00000001 0x00000002 0x00000003 0x00000004
;;   i32x4.add
;;   br .return
;;       20  vpaddd xmm1, xmm0, [rip+8]
;;       28  movaps xmm0, xmm1
;;       2b  ret
;;       2c  int3
;;       2d  int3
;;       2e  int3
;;       2f  int3
;;       30  do 00000004000000030000000200000001h
