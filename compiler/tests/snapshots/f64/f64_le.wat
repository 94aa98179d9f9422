(module (func (param f64 f64) (result i32)
  (f64.le (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f64.le
;;   br .return
;;        0  xor esi, esi
;;        2  ucomisd xmm1, xmm0
;;        6  setae sil
;;        a  mov rax, rsi
;;        d  ret
