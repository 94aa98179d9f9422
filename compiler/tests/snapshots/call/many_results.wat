(module (func $f (result i32 i32 i32)
  (i32.const 1) (i32.const 2) (i32.const 3))
  (func (result i32) (call $f) (i32.add) (i32.add)))
;; becomes
;; func 0 @0x1e
;;   i32.const 1
;;   i32.const 2
;;   i32.const 3
;;   br .return
;;        0  mov r11, [r14]
;;        3  mov r11, [r11+8]
;;        7  mov dword [r11+20h], 3
;;       13  mov dword [r11+24h], 0
;;       1f  mov eax, 1
;;       24  mov edx, 2
;;       29  ret
;; func 1 @0x27
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 33h
;;        a  sub rsp, 8
;;   call 0 :: [] -> [i32, i32, i32]
;;        e  call 0FFFFFFFFFFFFFFD0h
;;       13  mov r11, [r14]
;;       16  mov r11, [r11+8]
;;       1a  movsd xmm15, [r11+20h]
;;       20  movsd [rsp], xmm15
;;   i32.add
;;   i32.add
;;       26  mov rsi, [rsp]
;;       2a  add edx, esi
;;   br .return
;;       2c  add eax, edx
;;       2e  add rsp, 8
;;       32  ret
;;       33  ud2
