(module (global $g (import "" "g") (mut f64))
  (func (global.set $g (f64.add (global.get $g) (global.get $g)))))
;; becomes
;; func 0 @0x1f
;;   global.get 0 :: f64
;;       20  mov r11, [r14+30h]
;;       25  movsd xmm0, [r11]
;;   global.get 0 :: f64
;;       2c  mov r11, [r14+30h]
;;       31  movsd xmm1, [r11]
;;   f64.add
;;   global.set 0
;;       38  vaddsd xmm0, xmm0, xmm1
;;       3d  mov r11, [r14+30h]
;;       42  movsd [r11], xmm0
;;   br .return
;;       49  ret
