(module (memory 1) (func (param i32) (result v128)
  (v128.load16x4_u offset=8 (local.get 0))))
;; becomes
;; func 0 @0x1d
;;   pick 0
;;   u32x4.load16x4 offset=8
;;        0  vpmovzxwd xmm0, [r15+rdi+8]
;;   br .return
;;        7  ret
