(module (func (param i32) (result v128)
  (i16x8.splat (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i16x8.splat
;;       20  vmovd xmm0, edi
;;       24  vpbroadcastw xmm0, xmm0
;;   br .return
;;       29  ret
