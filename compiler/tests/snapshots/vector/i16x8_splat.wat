(module (func (param i32) (result v128)
  (i16x8.splat (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i16x8.splat
;;   br .return
;;        0  vmovd xmm0, edi
;;        4  vpbroadcastw xmm0, xmm0
;;        9  ret
