(module (memory 1) (func (param i32 i64)
  (i64.store8 offset=8 (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x1d
;;   pick 0
;;   pick 1
;;   i64.store8 offset=8
;;        0  mov [r15+rdi+8], sil
;;   br .return
;;        5  ret
