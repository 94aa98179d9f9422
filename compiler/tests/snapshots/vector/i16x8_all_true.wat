(module (func (param v128) (result i32)
  (i16x8.all_true (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i16x8.all_true
;;   br .return
;;       20  xorps xmm1, xmm1
;;       23  vpcmpeqw xmm1, xmm1, xmm0
;;       27  vptest xmm1, xmm1
;;       2c  sete sil
;;       30  movzx esi, sil
;;       34  mov rax, rsi
;;       37  ret
