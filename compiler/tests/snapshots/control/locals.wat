(module (func (param i32) (local i32 i32)
  (drop (local.tee 1 (local.get 0)))
  (local.set 2 (local.get 1))))
;; becomes
;; func 0 @0x17
;;   locals 2 i32
;;   pick 2
;;   tee 2
;;   drop 1
;;   pick 1
;;   put 1
;;   br .return
;;       20  ret
