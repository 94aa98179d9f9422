(module (func (param i64 i64) (result i64)
  (i64.rem_u (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   u64.rem
;;        0  mov rax, rdi
;;        3  test rsi, rsi
;;        6  je short 11h
;;        8  xor edx, edx
;;        a  div rsi
;;   br .return
;;        d  mov rax, rdx
;;       10  ret
;;       11  ud2
