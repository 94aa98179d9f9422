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
;;       20  movaps xmm2, xmm0
;;       24  ucomisd xmm1, xmm0
;;       29  ja near 33h
;;       2f  movaps xmm2, xmm1
;;   br .return
;;       33  movaps xmm0, xmm2
;;       37  ret
