(module (func (param f64 f64) (result f64)
  (select (local.get 0) (local.get 1) (f64.lt (local.get 0) (local.get 1)))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   pick 0
;;   pick 1
;;   f64.lt
;;   select
;;        0  movaps xmm2, xmm0
;;        3  ucomisd xmm1, xmm0
;;        7  ja short 0Ch
;;        9  movaps xmm2, xmm1
;;   br .return
;;        c  movaps xmm0, xmm2
;;        f  ret
