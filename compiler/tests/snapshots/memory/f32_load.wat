(module (memory 1) (func (param i32) (result f32)
  (f32.load offset=8 (local.get 0))))
;; becomes
;; func 0 @0x1d
;;   pick 0
;;   f32.load offset=8
;;        0  movss xmm0, [r15+rdi+8]
;;   br .return
;;        7  ret
