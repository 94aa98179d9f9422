(module (func (param i32) (result f32)
  (f32.reinterpret_i32 (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f32.reinterpret_from.i32
;;        0  movd xmm0, edi
;;   br .return
;;        5  ret
