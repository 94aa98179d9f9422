(module (memory 1) (func (param i32 v128) (result v128)
  (v128.load8_lane offset=8 1 (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x1e
;;   pick 0
;;   pick 1
;;   v128.load8_lane offset=8 lane=1
;;        0  vpinsrb xmm1, xmm0, [r15+rdi+8], 1
;;   br .return
;;        8  movaps xmm0, xmm1
;;        b  ret
