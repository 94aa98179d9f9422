(module (func (param f64 f64) (result i32)
  (f64.ne (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f64.ne
;;   br .return
;;        0  ucomisd xmm0, xmm1
;;        4  setp sil
;;        8  setne r11b
;;        c  or sil, r11b
;;        f  movzx esi, sil
;;       13  mov rax, rsi
;;       16  ret
