(module (func (param v128) (result v128)
  (i64x2.extend_high_i32x4_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64x2.extend_high_from.u32x4
;;   br .return
;;        0  xorps xmm15, xmm15
;;        4  vpunpckhdq xmm1, xmm0, xmm15
;;        9  movaps xmm0, xmm1
;;        c  ret
