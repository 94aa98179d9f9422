(module (func (param f64 f64) (result f64)
  (f64.max (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f64.max
;;   br .return
;;        0  movaps xmm2, xmm0
;;        3  ucomisd xmm2, xmm1
;;        8  jp short 12h
;;        a  jne short 19h
;;        c  andps xmm2, xmm1
;;       10  jmp short 1Eh
;;       12  addsd xmm2, xmm1
;;       17  jmp short 1Eh
;;       19  maxsd xmm2, xmm1
;;       1e  movaps xmm0, xmm2
;;       21  ret
