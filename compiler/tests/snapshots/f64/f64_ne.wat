(module (func (param f64 f64) (result i32)
  (f64.ne (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f64.ne
;;   br .return
;;        0  xor esi, esi
;;        2  ucomisd xmm0, xmm1
;;        6  setp sil
;;        a  setne r11b
;;        e  or sil, r11b
;;       11  mov rax, rsi
;;       14  ret
