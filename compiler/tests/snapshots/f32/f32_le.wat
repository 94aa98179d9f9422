(module (func (param f32 f32) (result i32)
  (f32.le (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   f32.le
;;   br .return
;;        0  xor esi, esi
;;        2  ucomiss xmm1, xmm0
;;        5  setae sil
;;        9  mov rax, rsi
;;        c  ret
