(module (func (param v128) (result i32)
  (if (result i32) (i16x8.all_true (local.get 0)) (then (i32.const 1)) (else (i32.const 2)))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i16x8.all_true
;;   def .L0 keep=1 params=[i32] callers=many
;;   def .L1 keep=1 params=[] callers=1
;;   def .L2 keep=1 params=[] callers=1
;;   br_if .L2, .L1
;;   .L2:
;;       20  xorps xmm1, xmm1
;;       23  vpcmpeqw xmm1, xmm1, xmm0
;;       27  vptest xmm1, xmm1
;;       2c  jne near 3Ch
;;   i32.const 1
;;   br .L0
;;   .L1:
;;       32  mov eax, 1
;;       37  jmp 41h
;;   i32.const 2
;;   br .L0
;;   .L0:
;;       3c  mov eax, 2
;;   br .return
;;       41  ret
