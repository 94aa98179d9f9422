(module (func (param v128) (result i32)
  (i16x8.extract_lane_s 1 (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i16x8.extract_lane 1
;;       20  vpextrw esi, xmm0, 1
;;       25  movsx esi, si
;;   br .return
;;       28  mov rax, rsi
;;       2b  ret
