(module (func (param v128 i32) (result v128)
  (i8x16.replace_lane 1 (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i8x16.replace_lane 1
;;        0  vpinsrb xmm1, xmm0, edi, 1
;;   br .return
;;        6  movaps xmm0, xmm1
;;        9  ret
