(module (func (param v128) (result v128)
  (f64x2.convert_low_i32x4_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f64x2.convert_low_from.u32x4
;;   br .return
;;        0  vpunpckldq xmm1, xmm0, [rip+18h]
;;        8  vsubpd xmm1, xmm1, [rip+20h]
;;       10  movaps xmm0, xmm1
;;       13  ret
