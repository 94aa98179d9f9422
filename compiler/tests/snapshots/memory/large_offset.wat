(module (memory 1) (func (param i32) (result i32) (i32.load offset=3000000000 (local.get 0))))
;; becomes
;; func 0 @0x1d
;;   pick 0
;;   i32.load offset=3000000000
;;       20  mov r11d, 0B2D05E00h
;;       26  add r11, rdi
;;       29  mov esi, [r15+r11]
;;   br .return
;;       2e  mov rax, rsi
;;       31  ret
