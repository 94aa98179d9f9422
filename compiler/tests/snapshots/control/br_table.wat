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
;;        6  jae short 1Ah
;;        8  lea r11, [rip+11h]
;;        f  movsxd rsi, [r11+rsi*4]
;;       14  add rsi, r11
;;       17  jmp rsi
;;       1a  jmp short 36h
;;       1c  jmp short 28h
;;       1e  jmp short 2Fh
;;       20  dd 1Ch
;;       24  dd 1Eh
;;   .L2:
;;   i32.const 10
;;   br .return
;;       28  mov eax, 0Ah
;;   .L1:
;;       2d  jmp short 3Bh
;;   i32.const 20
;;   br .return
;;       2f  mov eax, 14h
;;   .L0:
;;       34  jmp short 3Bh
;;   i32.const 30
;;   br .return
;;       36  mov eax, 1Eh
;;       3b  ret
