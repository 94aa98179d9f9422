(module (func (param f64) (result i64)
  (i64.trunc_f64_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64.truncate_from.f64
;;        0  cvttsd2si rsi, xmm0
;;        5  cmp rsi, 1
;;        c  jno short 2Ah
;;        e  ucomisd xmm0, xmm0
;;       12  jp short 2Eh
;;       14  mov r11, 0C3E0000000000000h
;;       1e  movq xmm15, r11
;;       23  ucomisd xmm0, xmm15
;;       28  jne short 30h
;;   br .return
;;       2a  mov rax, rsi
;;       2d  ret
;;       2e  ud2
;;       30  ud2
