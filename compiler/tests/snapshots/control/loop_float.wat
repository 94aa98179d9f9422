(module (func (param f64 i32) (result f64) (local f64)
  (loop
    (local.set 2 (f64.add (local.get 2) (f64.mul (local.get 0) (local.get 0))))
    (br_if 0 (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
  (local.get 2)))
;; becomes
;; func 0 @0x19
;;        0  sub rsp, 8
;;        4  xor r11d, r11d
;;        7  mov [rsp], r11
;;   locals 1 f64
;;   def .L0 keep=3 params=[] callers=many
;;   def .L1 keep=3 params=[] callers=many backward
;;   br .L1
;;   .L1:
;;        b  movsd xmm1, [rsp]
;;   pick 2
;;   pick 0
;;   pick 0
;;   f64.mul
;;   f64.add
;;       10  vmulsd xmm2, xmm0, xmm0
;;   put 2
;;       15  vaddsd xmm1, xmm1, xmm2
;;   pick 1
;;   i32.const 1
;;   i32.sub
;;   tee 1
;;       1a  add edi, 0FFFFFFFFh
;;   def .L2 keep=3 params=[] callers=1
;;   br_if .L1, .L2
;;   .L2:
;;       1d  test edi, edi
;;       1f  jne short 10h
;;   br .L0
;;   .L0:
;;   pick 2
;;   br .return
;;       21  movaps xmm0, xmm1
;;       24  add rsp, 8
;;       28  ret
