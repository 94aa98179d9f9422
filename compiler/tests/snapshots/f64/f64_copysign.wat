(module (func (param f64 f64) (result f64)
  (f64.copysign (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f64.copysign
;;   br .return
;;        0  movaps xmm2, xmm1
;;        3  movsd xmm15, [rip+14h]
;;        c  andps xmm2, xmm15
;;       10  andnps xmm15, xmm0
;;       14  orps xmm2, xmm15
;;       18  movaps xmm0, xmm2
;;       1b  ret
