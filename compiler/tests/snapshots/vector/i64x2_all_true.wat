(module (func (param v128) (result i32)
  (i64x2.all_true (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64x2.all_true
;;   br .return
;;       20  xorps xmm1, xmm1
;;       23  vpcmpeqq xmm1, xmm1, xmm0
;;       28  vptest xmm1, xmm1
;;       2d  sete sil
;;       31  movzx esi, sil
;;       35  mov rax, rsi
;;       38  ret
