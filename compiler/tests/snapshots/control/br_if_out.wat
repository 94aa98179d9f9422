(module (func (param i32 i32) (result i32)
  (block $out
    (br_if $out (i32.eqz (local.get 0)))
    (local.set 1 (i32.const 3)))
  (local.get 1)))
;; becomes
;; func 0 @0x19
;;   def .L0 keep=2 params=[] callers=many
;;   pick 0
;;   i32.eqz
;;   def .L1 keep=2 params=[] callers=1
;;   br_if .L0, .L1
;;   .L1:
;;        0  test edi, edi
;;        2  je short 9
;;   i32.const 3
;;   put 1
;;   br .L0
;;   .L0:
;;        4  mov esi, 3
;;   pick 1
;;   br .return
;;        9  mov rax, rsi
;;        c  ret
