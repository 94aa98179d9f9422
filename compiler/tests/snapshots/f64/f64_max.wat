(module (func (param f64 f64) (result f64)
  (f64.max (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f64.max
;;   br .return
;;       20  movaps xmm2, xmm0
;;       24  ucomisd xmm2, xmm1
;;       29  jp near 3Eh
;;       2f  jne near 48h
;;       35  andps xmm2, xmm1
;;       39  jmp 4Dh
;;       3e  addsd xmm2, xmm1
;;       43  jmp 4Dh
;;       48  maxsd xmm2, xmm1
;;       4d  movaps xmm0, xmm2
;;       51  ret
