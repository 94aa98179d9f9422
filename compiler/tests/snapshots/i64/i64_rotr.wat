(module (func (param i64 i64) (result i64)
  (i64.rotr (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i64.rotr
;;   br .return
;;        0  mov rcx, rsi
;;        3  mov r8, rdi
;;        6  ror r8, cl
;;        9  mov rax, r8
;;        c  ret
