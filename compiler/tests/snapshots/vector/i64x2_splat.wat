(module (func (param i64) (result v128)
  (i64x2.splat (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i64x2.splat
;;   br .return
;;        0  vmovq xmm0, rdi
;;        5  vpunpcklqdq xmm0, xmm0, xmm0
;;        9  ret
