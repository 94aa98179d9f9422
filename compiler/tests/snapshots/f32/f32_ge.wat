(module (func (param f32 f32) (result i32)
  (f32.ge (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f32.ge
;;   br .return
;;        0  xor esi, esi
;;        2  ucomiss xmm0, xmm1
;;        5  setae sil
;;        9  mov rax, rsi
;;        c  ret
