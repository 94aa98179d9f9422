(module (global $g (import "" "g") (mut f64))
  (func (global.set $g (f64.add (global.get $g) (global.get $g)))))
;; becomes
;; func 0 @0x1f
;;   global.get 0 :: f64
;;        0  mov r11, [r14+30h]
;;        4  movsd xmm0, [r11]
;;   global.get 0 :: f64
;;        9  mov r11, [r14+30h]
;;        d  movsd xmm1, [r11]
;;   f64.add
;;   global.set 0
;;       12  vaddsd xmm0, xmm0, xmm1
;;       17  mov r11, [r14+30h]
;;       1b  movsd [r11], xmm0
;;   br .return
;;       20  ret
