(module (func (param i64) (result f64)
  (f64.add (f64.convert_i64_u (i64.shr_u (local.get 0) (i64.const 11))) (f64.convert_i64_u (local.get 0)))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64.const 11
;;   u64.shr
;;   f64.convert_from.u64
;;        0  mov rsi, rdi
;;        3  shr rsi, 0Bh
;;        7  xorps xmm0, xmm0
;;        a  cvtsi2sd xmm0, rsi
;;   pick 0
;;   f64.convert_from.u64
;;        f  xorps xmm1, xmm1
;;       12  test rdi, rdi
;;       15  js short 1Eh
;;       17  cvtsi2sd xmm1, rdi
;;       1c  jmp short 39h
;;       1e  mov rsi, rdi
;;       21  mov r11d, edi
;;       24  shr rsi, 1
;;       28  and r11d, 1
;;       2c  or rsi, r11
;;       2f  cvtsi2sd xmm1, rsi
;;       34  addsd xmm1, xmm1
;;   f64.add
;;   br .return
;;       39  vaddsd xmm0, xmm0, xmm1
;;       3e  ret
