(module (func (param v128) (result v128)
  (v128.not (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   v128.not
;;   br .return
;;        0  vpcmpeqd xmm15, xmm15, xmm15
;;        5  vpxor xmm1, xmm0, xmm15
;;        a  movaps xmm0, xmm1
;;        d  ret
