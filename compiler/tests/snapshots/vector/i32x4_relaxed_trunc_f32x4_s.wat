(module (func (param v128) (result v128)
  (i32x4.relaxed_trunc_f32x4_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32x4.relaxed_truncate_from.f32x4
;;   br .return
;;        0  vcmpordps xmm15, xmm0, xmm0
;;        5  vandps xmm1, xmm0, xmm15
;;        a  vpxor xmm15, xmm15, xmm1
;;        e  vcvttps2dq xmm1, xmm1
;;       12  vpand xmm15, xmm15, xmm1
;;       16  vpsrad xmm15, xmm15, 1Fh
;;       1c  vpxor xmm1, xmm1, xmm15
;;       21  movaps xmm0, xmm1
;;       24  ret
