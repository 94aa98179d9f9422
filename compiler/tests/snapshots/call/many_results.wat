(module (func $f (result i32 i32 i32)
  (i32.const 1) (i32.const 2) (i32.const 3))
  (func (result i32) (call $f) (i32.add) (i32.add)))
;; becomes
;; func 0 @0x1e
;;   i32.const 1
;;   i32.const 2
;;   i32.const 3
;;   br .return
;;       20  mov r11, [r14]
;;       25  mov r11, [r11+8]
;;       2a  mov dword [r11+20h], 3
;;       36  mov dword [r11+24h], 0
;;       42  mov eax, 1
;;       48  mov edx, 2
;;       4e  ret
;; func 1 @0x27
;;        c  mov r11, [r14]
;;       11  cmp rsp, [r11]
;;       16  jb near 4Dh
;;       1c  sub rsp, 8
;;   call 0 :: [] -> [i32, i32, i32]
;;       20  call 0FFFFFFFFFFFFFFD0h
;;       25  mov r11, [r14]
;;       2a  mov r11, [r11+8]
;;       2f  movsd xmm15, [r11+20h]
;;       36  movsd [rsp], xmm15
;;   i32.add
;;   i32.add
;;       3d  mov rsi, [rsp]
;;       42  add edx, esi
;;   br .return
;;       45  add eax, edx
;;       48  add rsp, 8
;;       4c  ret
;;       4d  ud2
