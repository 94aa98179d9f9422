(module (func (param v128) (result v128)
  (i16x8.extend_high_i8x16_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i16x8.extend_high_from.u8x16
;;   br .return
;;        0  xorps xmm15, xmm15
;;        4  vpunpckhbw xmm1, xmm0, xmm15
;;        9  movaps xmm0, xmm1
;;        c  ret
