(module (func (param v128) (result v128)
  (i32x4.abs (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32x4.abs
;;   br .return
;;        0  vpabsd xmm1, xmm0
;;        5  movaps xmm0, xmm1
;;        8  ret
