(module (func (param i32 i32 i32 i32) (result i32) (local i32)
  (block $b
    (br_if $b (i32.eqz (local.get 3)))
    (local.set 4 (local.get 0))
    (local.set 0 (local.get 1))
    (local.set 1 (local.get 4))
    (local.set 2 (i32.const 9)))
  (i32.sub (i32.sub (local.get 0) (local.get 1)) (local.get 2))))
;; becomes
;; func 0 @0x1b
;;   locals 1 i32
;;   def .L0 keep=5 params=[] callers=many
;;   pick 3
;;   i32.eqz
;;   def .L1 keep=5 params=[] callers=1
;;   br_if .L0, .L1
;;   .L1:
;;        0  test ecx, ecx
;;        2  je short 12h
;;   pick 0
;;   put 4
;;   pick 1
;;   put 0
;;   pick 4
;;   put 1
;;   i32.const 9
;;   put 2
;;   br .L0
;;   .L0:
;;        4  mov r11, rdi
;;        7  mov rdi, rsi
;;        a  mov rsi, r11
;;        d  mov edx, 9
;;   pick 0
;;   pick 1
;;   i32.sub
;;   pick 2
;;       12  mov r8, rdi
;;       15  sub r8d, esi
;;   i32.sub
;;   br .return
;;       18  sub r8d, edx
;;       1b  mov rax, r8
;;       1e  ret
