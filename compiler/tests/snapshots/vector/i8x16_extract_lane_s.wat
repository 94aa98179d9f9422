(module (func (param v128) (result i32)
  (i8x16.extract_lane_s 1 (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i8x16.extract_lane 1
;;        0  vpextrb esi, xmm0, 1
;;        6  movsx esi, sil
;;   br .return
;;        a  mov rax, rsi
;;        d  ret
