(module (func (param v128) (result v128)
  (f32x4.convert_i32x4_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f32x4.convert_from.u32x4
;;       20  xorps xmm2, xmm2
;;       23  vpblendw xmm2, xmm2, xmm0, 55h
;;       29  vpsubd xmm1, xmm0, xmm2
;;       2d  vcvtdq2ps xmm2, xmm2
;;       31  vpsrld xmm1, xmm1, 1
;;       36  vcvtdq2ps xmm1, xmm1
;;       3a  vaddps xmm1, xmm1, xmm1
;;       3e  vaddps xmm1, xmm1, xmm2
;;   br .return
;;       42  movaps xmm0, xmm1
;;       45  ret
