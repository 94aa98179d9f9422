(module (func (param v128) (result i32)
  (i16x8.extract_lane_u 1 (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   u16x8.extract_lane 1
;;        0  vpextrw esi, xmm0, 1
;;   br .return
;;        5  mov rax, rsi
;;        8  ret
