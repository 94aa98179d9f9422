(module (func (param f64 f64) (result i32)
  (f64.eq (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f64.eq
;;   br .return
;;        0  xor esi, esi
;;        2  ucomisd xmm0, xmm1
;;        6  setnp sil
;;        a  sete r11b
;;        e  and sil, r11b
;;       11  mov rax, rsi
;;       14  ret
