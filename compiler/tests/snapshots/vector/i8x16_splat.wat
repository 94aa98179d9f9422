(module (func (param i32) (result v128)
  (i8x16.splat (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i8x16.splat
;;   br .return
;;        0  vmovd xmm0, edi
;;        4  vpbroadcastb xmm0, xmm0
;;        9  ret
