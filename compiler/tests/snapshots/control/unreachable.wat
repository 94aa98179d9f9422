(module (func unreachable))
;; becomes
;; func 0 @0x16
;;   unreachable
;;        0  ud2
