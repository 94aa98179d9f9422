(module (func (param v128) (result v128)
  (i32x4.extend_high_i16x8_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32x4.extend_high_from.u16x8
;;   br .return
;;        0  xorps xmm15, xmm15
;;        4  vpunpckhwd xmm1, xmm0, xmm15
;;        9  movaps xmm0, xmm1
;;        c  ret
