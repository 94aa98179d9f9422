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
;;        0  mov esi, 0CCCCCCCDh
;;        5  imul rsi, rdi
;;        9  shr rsi, 23h
;;   br .return
;;        d  mov rax, rsi
;;       10  ret
;; func 1 @0x2a
;;   pick 0
;;   i32.const 7
;;   u32.rem
;;        0  mov esi, 24924925h
;;        5  imul rsi, rdi
;;        9  shr rsi, 20h
;;        d  add rsi, rdi
;;       10  shr rsi, 3
;;       14  imul esi, 7
;;       1b  mov r11, rdi
;;       1e  sub r11d, esi
;;       21  mov rsi, r11
;;   br .return
;;       24  mov rax, rsi
;;       27  ret
;; func 2 @0x32
;;   pick 0
;;   i32.const -10
;;   i32.div
;;        0  mov r11d, 0CCCCCCCDh
;;        6  movsxd rsi, edi
;;        9  imul rsi, r11
;;        d  sar rsi, 23h
;;       11  mov r11d, edi
;;       14  sar r11d, 1Fh
;;       18  sub esi, r11d
;;       1b  neg esi
;;   br .return
;;       1e  mov rax, rsi
;;       21  ret
;; func 3 @0x3a
;;   pick 0
;;   i64.const 10
;;   u64.div
;;        0  mov rax, rdi
;;        3  mov r11, 0CCCCCCCCCCCCCCCDh
;;        d  mul r11
;;       10  shr rdx, 3
;;   br .return
;;       14  mov rax, rdx
;;       17  ret
;; func 4 @0x42
;;   pick 0
;;   i64.const 1000
;;   i64.rem
;;        0  mov rax, rdi
;;        3  mov r11, 83126E978D4FDF3Ch
;;        d  imul r11
;;       10  add rdx, rdi
;;       13  sar rdx, 9
;;       17  mov rax, rdi
;;       1a  sar rax, 3Fh
;;       1e  sub rdx, rax
;;       21  imul rdx, 3E8h
;;       28  mov r11, rdi
;;       2b  sub r11, rdx
;;       2e  mov rdx, r11
;;   br .return
;;       31  mov rax, rdx
;;       34  ret
;; func 5 @0x4b
;;   pick 0
;;   i32.const 64
;;   u32.rem
;;        0  mov rsi, rdi
;;        3  and esi, 3Fh
;;   br .return
;;        a  mov rax, rsi
;;        d  ret
