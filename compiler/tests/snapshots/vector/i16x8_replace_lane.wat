(module (func (param v128 i32) (result v128)
  (i16x8.replace_lane 1 (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i16x8.replace_lane 1
;;        0  vpinsrw xmm1, xmm0, edi, 1
;;   br .return
;;        5  movaps xmm0, xmm1
;;        8  ret
