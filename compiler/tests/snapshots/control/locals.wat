(module (func (param i32) (local i32 i32)
  (drop (local.tee 1 (local.get 0)))
  (local.set 2 (local.get 1))))
;; becomes
;; func 0 @0x17
;;   locals 2 i32
;;   pick 0
;;   tee 1
;;   drop 1
;;   pick 1
;;   put 2
;;   br .return
;;        0  ret
