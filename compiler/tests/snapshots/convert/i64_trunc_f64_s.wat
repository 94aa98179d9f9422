(module (func (param f64) (result i64)
  (i64.trunc_f64_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64.truncate_from.f64
;;        0  cvttsd2si rsi, xmm0
;;        5  cmp rsi, 1
;;        c  jno short 24h
;;        e  ucomisd xmm0, xmm0
;;       12  jp short 28h
;;       14  movsd xmm15, [rip+13h]
;;       1d  ucomisd xmm0, xmm15
;;       22  jne short 2Ah
;;   br .return
;;       24  mov rax, rsi
;;       27  ret
;;       28  ud2
;;       2a  ud2
