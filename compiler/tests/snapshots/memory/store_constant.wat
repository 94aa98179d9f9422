(module (memory 1) (func (param i32) (i64.store (local.get 0) (i64.const -1))))
;; becomes
;; func 0 @0x1c
;;   pick 0
;;   i64.const -1
;;   i64.store offset=0
;;        0  mov qword [r15+rdi], 0FFFFFFFFFFFFFFFFh
;;   br .return
;;        8  ret
