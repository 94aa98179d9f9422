(module (func (param i32) (result v128)
  (i32x4.splat (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32x4.splat
;;   br .return
;;        0  vmovd xmm0, edi
;;        4  vpshufd xmm0, xmm0, 0
;;        9  ret
