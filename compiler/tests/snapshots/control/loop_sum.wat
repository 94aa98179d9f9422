(module (func (param i32) (result i32) (local i32)
  (loop
    (local.set 1 (i32.add (local.get 1) (local.get 0)))
    (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
  (local.get 1)))
;; becomes
;; func 0 @0x18
;;       14  sub rsp, 8
;;       18  xor r11d, r11d
;;       1b  mov [rsp], r11
;;   locals 1 i32
;;   def .L0 keep=2 params=[] callers=many
;;   def .L1 keep=2 params=[] callers=many backward
;;   br .L1
;;   .L1:
;;       20  nop dword [rax+rax]
;;       28  nop dword [rax]
;;       2b  jmp 41h
;;   pick 1
;;   pick 0
;;   i32.add
;;   put 1
;;       30  add eax, edi
;;   pick 0
;;   i32.const 1
;;   i32.sub
;;   tee 0
;;       33  add edi, 0FFFFFFFFh
;;   def .L2 keep=2 params=[] callers=1
;;   br_if .L1, .L2
;;   .L2:
;;       37  test edi, edi
;;       3a  jne short 30h
;;   br .L0
;;   .L0:
;;   pick 1
;;   br .return
;;       3c  add rsp, 8
;;       40  ret
;;       41  mov rax, [rsp]
;;       46  jmp short 30h
