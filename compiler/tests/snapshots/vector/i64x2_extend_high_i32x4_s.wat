(module (func (param v128) (result v128)
  (i64x2.extend_high_i32x4_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64x2.extend_high_from.i32x4
;;   br .return
;;        0  vpshufd xmm1, xmm0, 0EEh
;;        5  vpmovsxdq xmm1, xmm1
;;        a  movaps xmm0, xmm1
;;        d  ret
