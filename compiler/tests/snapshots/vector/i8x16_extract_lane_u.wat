(module (func (param v128) (result i32)
  (i8x16.extract_lane_u 1 (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   u8x16.extract_lane 1
;;        0  vpextrb esi, xmm0, 1
;;   br .return
;;        6  mov rax, rsi
;;        9  ret
