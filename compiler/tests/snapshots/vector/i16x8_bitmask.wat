(module (func (param v128) (result i32)
  (i16x8.bitmask (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i16x8.bitmask
;;        0  xorps xmm15, xmm15
;;        4  vpacksswb xmm1, xmm0, xmm15
;;        9  vpmovmskb esi, xmm1
;;   br .return
;;        d  mov rax, rsi
;;       10  ret
