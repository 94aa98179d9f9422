(module (func (param i64) (result f64)
  (f64.convert_i64_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f64.convert_from.u64
;;        0  xorps xmm0, xmm0
;;        3  test rdi, rdi
;;        6  js short 0Fh
;;        8  cvtsi2sd xmm0, rdi
;;        d  jmp short 2Ah
;;        f  mov rsi, rdi
;;       12  mov r11d, edi
;;       15  shr rsi, 1
;;       19  and r11d, 1
;;       1d  or rsi, r11
;;       20  cvtsi2sd xmm0, rsi
;;       25  addsd xmm0, xmm0
;;   br .return
;;       2a  ret
