(module (func (param f64) (result i64)
  (i64.trunc_f64_s (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64.truncate_from.f64
;;       20  cvttsd2si rsi, xmm0
;;       25  cmp rsi, 1
;;       2c  jno near 57h
;;       32  ucomisd xmm0, xmm0
;;       37  jp near 5Bh
;;       3d  mov r11, 0C3E0000000000000h
;;       47  movq xmm15, r11
;;       4c  ucomisd xmm0, xmm15
;;       51  jne near 5Dh
;;   br .return
;;       57  mov rax, rsi
;;       5a  ret
;;       5b  ud2
;;       5d  ud2
