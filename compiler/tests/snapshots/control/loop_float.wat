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
;;   def .L0 keep=3 params=[] callers=many backward
;;   def .L1 keep=3 params=[] callers=many
;;   br .L0
;;   .L0:
;;   pick 0
;;       20  movsd xmm1, [rsp]
;;   pick 3
;;   pick 4
;;   f64.mul
;;   f64.add
;;       27  vmulsd xmm2, xmm0, xmm0
;;   put 1
;;       2c  vaddsd xmm1, xmm1, xmm2
;;   pick 1
;;   i32.const 1
;;   i32.sub
;;   tee 2
;;       31  add edi, 0FFFFFFFFh
;;   def .L2 keep=3 params=[] callers=1
;;   br_if .L0, .L2
;;   .L2:
;;       35  test edi, edi
;;       38  je near 47h
;;       3e  movsd [rsp], xmm1
;;       45  jmp short 20h
;;   br .L1
;;   .L1:
;;   pick 0
;;   br .return
;;       47  movaps xmm0, xmm1
;;       4b  add rsp, 8
;;       4f  ret
