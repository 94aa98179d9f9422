(module (func (param f32 f32) (result i32)
  (f32.ge (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f32.ge
;;   br .return
;;        0  ucomiss xmm0, xmm1
;;        3  setae sil
;;        7  movzx esi, sil
;;        b  mov rax, rsi
;;        e  ret
