(module (func (param v128) (result v128)
  (i32x4.extend_low_i16x8_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32x4.extend_low_from.i16x8
;;   br .return
;;        0  vpmovsxwd xmm1, xmm0
;;        5  movaps xmm0, xmm1
;;        8  ret
