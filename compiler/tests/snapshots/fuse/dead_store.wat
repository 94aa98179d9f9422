(module (func (param i32) (result i32) (local i32)
  (local.set 1 (i32.mul (local.get 0) (i32.const 7)))
  (drop (memory.grow (local.get 1)))
  (i32.add (local.get 0) (memory.size))) (memory 1))
;; becomes
;; func 0 @0x1d
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 42h
;;        a  sub rsp, 18h
;;   locals 1 i32
;;   pick 0
;;   i32.const 7
;;   i32.mul
;;   put 1
;;        e  imul esi, edi, 7
;;   pick 1
;;   memory.grow
;;       11  mov [rsp+8], rdi
;;       16  mov r11, [r14+20h]
;;       1a  mov rdi, r14
;;       1d  call qword [r11]
;;       25  mov eax, eax
;;   drop 1
;;   pick 0
;;       27  mov rsi, [rsp+8]
;;   memory.size
;;       2c  mov r11, [r14+10h]
;;       30  mov rdi, [r11+8]
;;       34  shr rdi, 10h
;;   i32.add
;;   br .return
;;       38  add edi, esi
;;       3a  mov rax, rdi
;;       3d  add rsp, 18h
;;       41  ret
;;       42  ud2
