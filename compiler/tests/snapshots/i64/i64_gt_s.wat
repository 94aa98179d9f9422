(module (func (param i64 i64) (result i32)
  (i64.gt_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i64.gt
;;   br .return
;;        0  xor r8d, r8d
;;        3  cmp rdi, rsi
;;        6  setg r8b
;;        a  mov rax, r8
;;        d  ret
