(module (memory 1) (func (result i32) (i32.load offset=4 (i32.const 1024))))
;; becomes
;; func 0 @0x1c
;;   i32.const 1024
;;   i32.load offset=4
;;        0  mov esi, [r15+404h]
;;   br .return
;;        7  mov rax, rsi
;;        a  ret
