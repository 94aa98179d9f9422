(module (func (param v128) (result i32)
  (v128.any_true (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   v128.any_true
;;   br .return
;;       20  vptest xmm0, xmm0
;;       25  setne sil
;;       29  movzx esi, sil
;;       2d  mov rax, rsi
;;       30  ret
