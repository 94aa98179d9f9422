(module (func (param f64) (result i32)
  (i32.trunc_f64_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32.truncate_from.f64
;;        0  cvttsd2si rsi, xmm0
;;        5  movsxd r11, esi
;;        8  cmp r11, rsi
;;        b  je short 15h
;;        d  ucomisd xmm0, xmm0
;;       11  jp short 1Ch
;;       13  ud2
;;       15  mov esi, esi
;;   br .return
;;       18  mov rax, rsi
;;       1b  ret
;;       1c  ud2
