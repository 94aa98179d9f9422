(module (memory 1) (func (param i32) (result i32) (i32.load offset=3000000000 (local.get 0))))
;; becomes
;; func 0 @0x1d
;;   pick 0
;;   i32.load offset=3000000000
;;        0  mov r11d, 0B2D05E00h
;;        6  add r11, rdi
;;        9  mov esi, [r15+r11]
;;   br .return
;;        d  mov rax, rsi
;;       10  ret
