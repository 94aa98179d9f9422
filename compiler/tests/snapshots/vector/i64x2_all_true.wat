(module (func (param v128) (result i32)
  (i64x2.all_true (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64x2.all_true
;;   br .return
;;        0  xorps xmm1, xmm1
;;        3  vpcmpeqq xmm1, xmm1, xmm0
;;        8  xor esi, esi
;;        a  vptest xmm1, xmm1
;;        f  sete sil
;;       13  mov rax, rsi
;;       16  ret
