(module (global (mut v128) (v128.const i64x2 1 2)) (func (param v128) (result v128)
  (global.get 0) (global.set 0 (local.get 0))))
;; becomes
;; func 0 @0x30
;;   global.get 0 :: v128
;;        0  movups xmm1, [r14+30h]
;;   pick 0
;;   global.set 0
;;        5  movups [r14+30h], xmm0
;;   br .return
;;        a  movaps xmm0, xmm1
;;        d  ret
