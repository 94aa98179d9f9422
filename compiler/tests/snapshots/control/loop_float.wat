(module (func (param f64 i32) (result f64) (local f64)
  (loop
    (local.set 2 (f64.add (local.get 2) (f64.mul (local.get 0) (local.get 0))))
    (br_if 0 (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
  (local.get 2)))
;; becomes
;; func 0 @0x19
;;       14  sub rsp, 8
;;       18  xor r11d, r11d
;;       1b  mov [rsp], r11
;;   locals 1 f64
;;   def .L0 keep=3 params=[] callers=many
;;   def .L1 keep=3 params=[] callers=many backward
;;   br .L1
;;   .L1:
;;       20  nop dword [rax+rax]
;;       28  nop dword [rax]
;;       2b  jmp 4Ch
;;   pick 2
;;   pick 0
;;   pick 0
;;   f64.mul
;;   f64.add
;;       30  vmulsd xmm2, xmm0, xmm0
;;   put 2
;;       35  vaddsd xmm1, xmm1, xmm2
;;   pick 1
;;   i32.const 1
;;   i32.sub
;;   tee 1
;;       3a  add edi, 0FFFFFFFFh
;;   def .L2 keep=3 params=[] callers=1
;;   br_if .L1, .L2
;;   .L2:
;;       3e  test edi, edi
;;       41  jne short 30h
;;   br .L0
;;   .L0:
;;   pick 2
;;   br .return
;;       43  movaps xmm0, xmm1
;;       47  add rsp, 8
;;       4b  ret
;;       4c  movsd xmm1, [rsp]
;;       53  jmp short 30h
