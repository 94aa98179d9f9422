(module (func (param v128) (result v128)
  (i32x4.relaxed_trunc_f64x2_s_zero (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32x4.relaxed_truncate_zero_from.f64x2
;;       20  vcmpordpd xmm15, xmm0, xmm0
;;       25  vandps xmm15, xmm15, [rip+13h]
;;       2d  vminpd xmm1, xmm0, xmm15
;;       32  vcvttpd2dq xmm1, xmm1
;;   br .return
;;       36  movaps xmm0, xmm1
;;       39  ret
;;       3a  int3
;;       3b  int3
;;       3c  int3
;;       3d  int3
;;       3e  int3
;;       3f  int3
;;       40  do 41DFFFFFFFC0000041DFFFFFFFC00000h
