(module (func (param v128 v128) (result v128)
  (i64x2.extmul_low_i32x4_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i64x2.extmul_low_from.i32x4
;;   br .return
;;        0  vpshufd xmm2, xmm0, 50h
;;        5  vpshufd xmm15, xmm1, 50h
;;        a  vpmuldq xmm2, xmm2, xmm15
;;        f  movaps xmm0, xmm2
;;       12  ret
