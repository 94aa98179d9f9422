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
;;        0  mov rsi, rdi
;;        3  cmp esi, 2
;;        6  jae short 30h
;;        8  lea r11, [rip+0Bh]
;;        f  movsxd rsi, [r11+rsi*4]
;;       14  add rsi, r11
;;       17  jmp rsi
;;       1a  dd 22h
;;       1e  dd 29h
;;   .L2:
;;   i32.const 10
;;   br .return
;;       22  mov eax, 0Ah
;;   .L1:
;;       27  jmp short 35h
;;   i32.const 20
;;   br .return
;;       29  mov eax, 14h
;;   .L0:
;;       2e  jmp short 35h
;;   i32.const 30
;;   br .return
;;       30  mov eax, 1Eh
;;       35  ret
