(module (func (param i32) (result i32) (local i32)
  (loop
    (local.set 1 (i32.add (local.get 1) (local.get 0)))
    (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
  (local.get 1)))
;; becomes
;; func 0 @0x18
;;        0  sub rsp, 8
;;        4  xor r11d, r11d
;;        7  mov [rsp], r11
;;   locals 1 i32
;;   def .L0 keep=2 params=[] callers=many
;;   def .L1 keep=2 params=[] callers=many backward
;;   br .L1
;;   .L1:
;;        b  mov rax, [rsp]
;;   pick 1
;;   pick 0
;;   i32.add
;;   put 1
;;        f  add eax, edi
;;   pick 0
;;   i32.const 1
;;   i32.sub
;;   tee 0
;;       11  add edi, 0FFFFFFFFh
;;   def .L2 keep=2 params=[] callers=1
;;   br_if .L1, .L2
;;   .L2:
;;       14  test edi, edi
;;       16  jne short 0Fh
;;   br .L0
;;   .L0:
;;   pick 1
;;   br .return
;;       18  add rsp, 8
;;       1c  ret
