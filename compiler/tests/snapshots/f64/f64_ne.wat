(module (func (param f64 f64) (result i32)
  (f64.ne (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f64.ne
;;   br .return
;;       20  ucomisd xmm0, xmm1
;;       25  setp sil
;;       29  setne r11b
;;       2d  or sil, r11b
;;       30  movzx esi, sil
;;       34  mov rax, rsi
;;       37  ret
