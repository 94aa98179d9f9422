(module (memory 1) (func (param i32 v128)
  (v128.store32_lane offset=8 1 (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x1d
;;   pick 0
;;   pick 1
;;   v128.store32_lane offset=8 lane=1
;;        0  vpextrd [r15+rdi+8], xmm0, 1
;;   br .return
;;        8  ret
