(module (func (param v128) (result i32)
  (v128.any_true (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   v128.any_true
;;   br .return
;;        0  xor esi, esi
;;        2  vptest xmm0, xmm0
;;        7  setne sil
;;        b  mov rax, rsi
;;        e  ret
