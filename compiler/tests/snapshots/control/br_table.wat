(module (func (param i32) (result i32)
  (block $c (block $b (block $a
    (br_table $a $b $c (local.get 0)))
    (return (i32.const 10)))
    (return (i32.const 20)))
  (i32.const 30)))
;; becomes
;; func 0 @0x18
;;   def .L0 keep=1 params=[] callers=many
;;   def .L1 keep=1 params=[] callers=many
;;   def .L2 keep=1 params=[] callers=many
;;   pick 0
;;   br_table [.L2, .L1], .L0
;;       20  mov rsi, rdi
;;       23  cmp esi, 2
;;       27  jae near 3Fh
;;       2d  lea r11, [rip+1Ch]
;;       34  movsxd rsi, [r11+rsi*4]
;;       39  add rsi, r11
;;       3c  jmp rsi
;;       3f  jmp 6Eh
;;       44  jmp 58h
;;       49  jmp 63h
;;       4e  int3
;;       4f  int3
;;       50  dd 44h
;;       54  dd 49h
;;   .L2:
;;   i32.const 10
;;   br .return
;;       58  mov eax, 0Ah
;;   .L1:
;;       5e  jmp 74h
;;   i32.const 20
;;   br .return
;;       63  mov eax, 14h
;;   .L0:
;;       69  jmp 74h
;;   i32.const 30
;;   br .return
;;       6e  mov eax, 1Eh
;;       74  ret
