(module (func (param v128) (result v128)
  (i64x2.abs (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64x2.abs
;;   br .return
;;        0  vpsrad xmm15, xmm0, 1Fh
;;        5  vpshufd xmm15, xmm15, 0F5h
;;        b  vpxor xmm1, xmm0, xmm15
;;       10  vpsubq xmm1, xmm1, xmm15
;;       15  movaps xmm0, xmm1
;;       18  ret
