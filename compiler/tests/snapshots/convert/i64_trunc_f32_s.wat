(module (func (param f32) (result i64)
  (i64.trunc_f32_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64.truncate_from.f32
;;        0  cvttss2si rsi, xmm0
;;        5  cmp rsi, 1
;;        c  jno short 22h
;;        e  ucomiss xmm0, xmm0
;;       11  jp short 26h
;;       13  movss xmm15, [rip+14h]
;;       1c  ucomiss xmm0, xmm15
;;       20  jne short 28h
;;   br .return
;;       22  mov rax, rsi
;;       25  ret
;;       26  ud2
;;       28  ud2
