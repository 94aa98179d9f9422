(module (func (param v128) (result v128)
  (i32x4.relaxed_trunc_f64x2_s_zero (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32x4.relaxed_truncate_zero_from.f64x2
;;   br .return
;;        0  vcmpordpd xmm15, xmm0, xmm0
;;        5  vandps xmm15, xmm15, [rip+13h]
;;        d  vminpd xmm1, xmm0, xmm15
;;       12  vcvttpd2dq xmm1, xmm1
;;       16  movaps xmm0, xmm1
;;       19  ret
