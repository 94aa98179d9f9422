(module (func (param v128 v128) (result v128)
  (i16x8.extmul_high_i8x16_u (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i16x8.extmul_high_from.u8x16
;;   br .return
;;        0  vpshufd xmm2, xmm0, 0EEh
;;        5  vpshufd xmm15, xmm1, 0EEh
;;        a  vpmovzxbw xmm2, xmm2
;;        f  vpmovzxbw xmm15, xmm15
;;       14  vpmullw xmm2, xmm2, xmm15
;;       19  movaps xmm0, xmm2
;;       1c  ret
