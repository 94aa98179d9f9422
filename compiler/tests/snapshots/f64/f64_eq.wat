(module (func (param f64 f64) (result i32)
  (f64.eq (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f64.eq
;;   br .return
;;        0  ucomisd xmm0, xmm1
;;        4  setnp sil
;;        8  sete r11b
;;        c  and sil, r11b
;;        f  movzx esi, sil
;;       13  mov rax, rsi
;;       16  ret
