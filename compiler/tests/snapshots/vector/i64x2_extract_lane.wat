(module (func (param v128) (result i64)
  (i64x2.extract_lane 1 (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64x2.extract_lane 1
;;        0  vpextrq rsi, xmm0, 1
;;   br .return
;;        6  mov rax, rsi
;;        9  ret
