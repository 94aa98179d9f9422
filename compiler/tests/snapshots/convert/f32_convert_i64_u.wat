(module (func (param i64) (result f32)
  (f32.convert_i64_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f32.convert_from.u64
;;       20  xorps xmm0, xmm0
;;       24  test rdi, rdi
;;       27  js near 37h
;;       2d  cvtsi2ss xmm0, rdi
;;       32  jmp 52h
;;       37  mov rsi, rdi
;;       3a  mov r11d, edi
;;       3d  shr rsi, 1
;;       41  and r11d, 1
;;       45  or rsi, r11
;;       48  cvtsi2ss xmm0, rsi
;;       4d  addss xmm0, xmm0
;;   br .return
;;       52  ret
