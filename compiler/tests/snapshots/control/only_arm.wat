(module
  (func (param i32 i32) (result i32) (local i32)
    (local.set 2 (i32.const 7))
    (if (local.get 0) (then (local.set 2 (i32.mul (local.get 1) (local.get 1)))))
    (i32.add (local.get 2) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   locals 1 i32
;;   i32.const 7
;;   put 2
;;   pick 0
;;   def .L0 keep=3 params=[] callers=many
;;   def .L1 keep=3 params=[] callers=1
;;   def .L2 keep=3 params=[] callers=1
;;   br_if .L2, .L1
;;   .L2:
;;        0  test edi, edi
;;        2  je short 0Dh
;;   pick 1
;;   pick 1
;;   i32.mul
;;   put 2
;;        4  mov r8, rsi
;;        7  imul r8d, esi
;;   br .L1
;;   .L1:
;;   br .L0
;;   .L0:
;;        b  jmp short 13h
;;        d  mov r8d, 7
;;   pick 2
;;   pick 1
;;   i32.add
;;   br .return
;;       13  lea r9d, [r8+rsi]
;;       17  mov rax, r9
;;       1a  ret
