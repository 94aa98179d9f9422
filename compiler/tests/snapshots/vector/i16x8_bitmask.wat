(module (func (param v128) (result i32)
  (i16x8.bitmask (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i16x8.bitmask
;;       20  xorps xmm15, xmm15
;;       24  vpacksswb xmm1, xmm0, xmm15
;;       29  vpmovmskb esi, xmm1
;;   br .return
;;       2d  mov rax, rsi
;;       30  ret
