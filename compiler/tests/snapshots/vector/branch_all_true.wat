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
;;        0  xorps xmm1, xmm1
;;        3  vpcmpeqw xmm1, xmm1, xmm0
;;        7  vptest xmm1, xmm1
;;        c  jne short 15h
;;   i32.const 1
;;   br .L0
;;   .L1:
;;        e  mov eax, 1
;;       13  jmp short 1Ah
;;   i32.const 2
;;   br .L0
;;   .L0:
;;       15  mov eax, 2
;;   br .return
;;       1a  ret
