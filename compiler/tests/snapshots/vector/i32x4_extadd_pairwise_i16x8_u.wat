(module (func (param v128) (result v128)
  (i32x4.extadd_pairwise_i16x8_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32x4.extadd_pairwise_from.u16x8
;;   br .return
;;        0  vpsrld xmm15, xmm0, 10h
;;        5  vpand xmm1, xmm0, [rip+13h]
;;        d  vpaddd xmm1, xmm1, xmm15
;;       12  movaps xmm0, xmm1
;;       15  ret
