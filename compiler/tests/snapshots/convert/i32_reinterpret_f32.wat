(module (func (param f32) (result i32)
  (i32.reinterpret_f32 (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32.reinterpret_from.f32
;;        0  movd esi, xmm0
;;   br .return
;;        5  mov rax, rsi
;;        8  ret
