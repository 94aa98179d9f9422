(module (func (param v128) (result i32)
  (i16x8.extract_lane_s 1 (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i16x8.extract_lane 1
;;        0  vpextrw esi, xmm0, 1
;;        5  movsx esi, si
;;   br .return
;;        8  mov rax, rsi
;;        b  ret
