(module (func (param v128) (result i32)
  (i32x4.all_true (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32x4.all_true
;;   br .return
;;        0  xorps xmm1, xmm1
;;        3  vpcmpeqd xmm1, xmm1, xmm0
;;        7  vptest xmm1, xmm1
;;        c  sete sil
;;       10  movzx esi, sil
;;       14  mov rax, rsi
;;       17  ret
