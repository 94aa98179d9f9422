(module (global $g (mut i64) (i64.const 0))
  (func (global.set $g (i64.add (global.get $g) (i64.const 1)))))
;; becomes
;; func 0 @0x1e
;;   global.get 0 :: i64
;;        0  mov rsi, [r14+30h]
;;   i64.const 1
;;   i64.add
;;   global.set 0
;;        4  add rsi, 1
;;        8  mov [r14+30h], rsi
;;   br .return
;;        c  ret
