(module (func (param v128) (result v128)
  (i32x4.add (local.get 0) (v128.const i32x4 1 2 3 4))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   v128.const i32x4 0x00000001 0x00000002 0x00000003 0x00000004
;;   i32x4.add
;;   br .return
;;        0  vpaddd xmm1, xmm0, [rip+8]
;;        8  movaps xmm0, xmm1
;;        b  ret
