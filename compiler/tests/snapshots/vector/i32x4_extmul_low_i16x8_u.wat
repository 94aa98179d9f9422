(module (func (param v128 v128) (result v128)
  (i32x4.extmul_low_i16x8_u (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i32x4.extmul_low_from.u16x8
;;   br .return
;;        0  vpmulhuw xmm15, xmm0, xmm1
;;        4  vpmullw xmm2, xmm0, xmm1
;;        8  vpunpcklwd xmm2, xmm2, xmm15
;;        d  movaps xmm0, xmm2
;;       10  ret
