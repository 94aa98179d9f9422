(module
  (func (param i32) (result i32)
    (block $c (block $b (block $a
      (br_table $a $b $c (local.get 0)))
      (return (i32.const 10)))
      (return (i32.const 20)))
    (i32.const 30))
  (func (param i32) (result i32)
    (block $c (block $b (block $a
      (br_table $a $b $b $c $c (local.get 0)))
      (return (i32.const 10)))
      (return (i32.const 20)))
    (i32.const 30))
  (func (param i32) (result i32)
    (block $c (block $b (block $a
      (br_table $a $b $a $b $a $c (local.get 0)))
      (return (i32.const 10)))
      (return (i32.const 20)))
    (i32.const 30)))
;; becomes
;; func 0 @0x1a
;;   def .L0 keep=1 params=[] callers=many
;;   def .L1 keep=1 params=[] callers=many
;;   def .L2 keep=1 params=[] callers=many
;;   pick 0
;;   br_table [.L2, .L1], .L0
;;        0  cmp edi, 1
;;        3  ja short 15h
;;        5  je short 0Eh
;;   .L2:
;;   i32.const 10
;;   br .return
;;        7  mov eax, 0Ah
;;   .L1:
;;        c  jmp short 1Ah
;;   i32.const 20
;;   br .return
;;        e  mov eax, 14h
;;   .L0:
;;       13  jmp short 1Ah
;;   i32.const 30
;;   br .return
;;       15  mov eax, 1Eh
;;       1a  ret
;; func 1 @0x35
;;   def .L0 keep=1 params=[] callers=many
;;   def .L1 keep=1 params=[] callers=many
;;   def .L2 keep=1 params=[] callers=many
;;   pick 0
;;   br_table [.L2, .L1, .L1, .L0], .L0
;;        0  cmp edi, 3
;;        3  jae short 18h
;;        5  cmp edi, 1
;;        8  jae short 11h
;;   .L2:
;;   i32.const 10
;;   br .return
;;        a  mov eax, 0Ah
;;   .L1:
;;        f  jmp short 1Dh
;;   i32.const 20
;;   br .return
;;       11  mov eax, 14h
;;   .L0:
;;       16  jmp short 1Dh
;;   i32.const 30
;;   br .return
;;       18  mov eax, 1Eh
;;       1d  ret
;; func 2 @0x52
;;   def .L0 keep=1 params=[] callers=many
;;   def .L1 keep=1 params=[] callers=many
;;   def .L2 keep=1 params=[] callers=many
;;   pick 0
;;   br_table [.L2, .L1, .L2, .L1, .L2], .L0
;;        0  mov rsi, rdi
;;        3  cmp esi, 5
;;        6  jae short 3Ch
;;        8  lea r11, [rip+0Bh]
;;        f  movsxd rsi, [r11+rsi*4]
;;       14  add rsi, r11
;;       17  jmp rsi
;;       1a  dd 2Eh
;;       1e  dd 35h
;;       22  dd 2Eh
;;       26  dd 35h
;;       2a  dd 2Eh
;;   .L2:
;;   i32.const 10
;;   br .return
;;       2e  mov eax, 0Ah
;;   .L1:
;;       33  jmp short 41h
;;   i32.const 20
;;   br .return
;;       35  mov eax, 14h
;;   .L0:
;;       3a  jmp short 41h
;;   i32.const 30
;;   br .return
;;       3c  mov eax, 1Eh
;;       41  ret
