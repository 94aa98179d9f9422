(module (func (param v128) (result i32)
  (i8x16.all_true (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i8x16.all_true
;;   br .return
;;        0  xorps xmm1, xmm1
;;        3  vpcmpeqb xmm1, xmm1, xmm0
;;        7  xor esi, esi
;;        9  vptest xmm1, xmm1
;;        e  sete sil
;;       12  mov rax, rsi
;;       15  ret
