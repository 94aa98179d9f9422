(module (memory 1) (func (param i32) (result v128)
  (v128.load8x8_s offset=8 (local.get 0))))
;; becomes
;; func 0 @0x1d
;;   pick 0
;;   i16x8.load8x8 offset=8
;;        0  vpmovsxbw xmm0, [r15+rdi+8]
;;   br .return
;;        7  ret
