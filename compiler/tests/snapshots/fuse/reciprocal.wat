(module
  (func (param i32) (result i32) (i32.div_u (local.get 0) (i32.const 10)))
  (func (param i32) (result i32) (i32.rem_u (local.get 0) (i32.const 7)))
  (func (param i32) (result i32) (i32.div_s (local.get 0) (i32.const -10)))
  (func (param i64) (result i64) (i64.div_u (local.get 0) (i64.const 10)))
  (func (param i64) (result i64) (i64.rem_s (local.get 0) (i64.const 1000)))
  (func (param i32) (result i32) (i32.rem_u (local.get 0) (i32.const 64))))
;; becomes
;; func 0 @0x22
;;   pick 0
;;   i32.const 10
;;   u32.div
;;       20  mov esi, 0CCCCCCCDh
;;       26  imul rsi, rdi
;;       2a  shr rsi, 23h
;;   br .return
;;       2e  mov rax, rsi
;;       31  ret
;; func 1 @0x2a
;;   pick 0
;;   i32.const 7
;;   u32.rem
;;       20  mov esi, 24924925h
;;       26  imul rsi, rdi
;;       2a  shr rsi, 20h
;;       2e  add rsi, rdi
;;       31  shr rsi, 3
;;       35  imul esi, 7
;;       3c  mov r11, rdi
;;       3f  sub r11d, esi
;;       42  mov rsi, r11
;;   br .return
;;       45  mov rax, rsi
;;       48  ret
;; func 2 @0x32
;;   pick 0
;;   i32.const -10
;;   i32.div
;;       20  mov r11d, 0CCCCCCCDh
;;       26  movsxd rsi, edi
;;       29  imul rsi, r11
;;       2d  sar rsi, 23h
;;       31  mov r11d, edi
;;       34  sar r11d, 1Fh
;;       38  sub esi, r11d
;;       3b  neg esi
;;   br .return
;;       3e  mov rax, rsi
;;       41  ret
;; func 3 @0x3a
;;   pick 0
;;   i64.const 10
;;   u64.div
;;       20  mov rax, rdi
;;       23  mov r11, 0CCCCCCCCCCCCCCCDh
;;       2d  mul r11
;;       30  shr rdx, 3
;;   br .return
;;       34  mov rax, rdx
;;       37  ret
;; func 4 @0x42
;;   pick 0
;;   i64.const 1000
;;   i64.rem
;;       20  mov rax, rdi
;;       23  mov r11, 83126E978D4FDF3Ch
;;       2d  imul r11
;;       30  add rdx, rdi
;;       33  sar rdx, 9
;;       37  mov rax, rdi
;;       3a  sar rax, 3Fh
;;       3e  sub rdx, rax
;;       41  imul rdx, 3E8h
;;       48  mov r11, rdi
;;       4b  sub r11, rdx
;;       4e  mov rdx, r11
;;   br .return
;;       51  mov rax, rdx
;;       54  ret
;; func 5 @0x4b
;;   pick 0
;;   i32.const 64
;;   u32.rem
;;       20  mov rsi, rdi
;;       23  and esi, 3Fh
;;   br .return
;;       2a  mov rax, rsi
;;       2d  ret
