(module (func (param f64 f64) (result i32)
  (f64.eq (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f64.eq
;;   br .return
;;       20  ucomisd xmm0, xmm1
;;       25  setnp sil
;;       29  sete r11b
;;       2d  and sil, r11b
;;       30  movzx esi, sil
;;       34  mov rax, rsi
;;       37  ret
