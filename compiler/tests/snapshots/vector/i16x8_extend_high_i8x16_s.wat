(module (func (param v128) (result v128)
  (i16x8.extend_high_i8x16_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i16x8.extend_high_from.i8x16
;;   br .return
;;        0  vpshufd xmm1, xmm0, 0EEh
;;        5  vpmovsxbw xmm1, xmm1
;;        a  movaps xmm0, xmm1
;;        d  ret
