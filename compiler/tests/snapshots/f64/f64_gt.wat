(module (func (param f64 f64) (result i32)
  (f64.gt (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f64.gt
;;   br .return
;;        0  xor esi, esi
;;        2  ucomisd xmm0, xmm1
;;        6  seta sil
;;        a  mov rax, rsi
;;        d  ret
