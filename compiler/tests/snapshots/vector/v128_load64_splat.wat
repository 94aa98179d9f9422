(module (memory 1) (func (param i32) (result v128)
  (v128.load64_splat offset=8 (local.get 0))))
;; becomes
;; func 0 @0x1d
;;   pick 0
;;   v128.load64_splat offset=8
;;        0  vmovddup xmm0, [r15+rdi+8]
;;   br .return
;;        7  ret
