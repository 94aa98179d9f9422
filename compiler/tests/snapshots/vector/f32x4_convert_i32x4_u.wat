(module (func (param v128) (result v128)
  (f32x4.convert_i32x4_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f32x4.convert_from.u32x4
;;   br .return
;;        0  xorps xmm2, xmm2
;;        3  vpblendw xmm2, xmm2, xmm0, 55h
;;        9  vpsubd xmm1, xmm0, xmm2
;;        d  vcvtdq2ps xmm2, xmm2
;;       11  vpsrld xmm1, xmm1, 1
;;       16  vcvtdq2ps xmm1, xmm1
;;       1a  vaddps xmm1, xmm1, xmm1
;;       1e  vaddps xmm1, xmm1, xmm2
;;       22  movaps xmm0, xmm1
;;       25  ret
