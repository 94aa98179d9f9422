(module (memory 1) (func (param i32 v128)
  (v128.store offset=8 (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x1d
;;   pick 0
;;   pick 1
;;   v128.store offset=8
;;        0  vmovups [r15+rdi+8], xmm0
;;   br .return
;;        7  ret
