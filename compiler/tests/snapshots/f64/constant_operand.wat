(module (func (param f64 f32) (result f64)
  (if (f64.gt (local.get 0) (f64.const 0.25)) (then (return (f64.const 1.5))))
  (f64.sub
    (f64.add (f64.const 1.5) (f64.mul (local.get 0) (f64.const 0.1)))
    (f64.promote_f32 (f32.div (local.get 1) (f32.const 3))))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   f64.const 0.25
;;   f64.gt
;;   def .L0 keep=2 params=[] callers=many
;;   def .L1 keep=2 params=[] callers=1
;;   def .L2 keep=2 params=[] callers=1
;;   br_if .L2, .L1
;;   .L2:
;;        0  ucomisd xmm0, [rip+38h]
;;        8  jbe short 14h
;;   f64.const 1.5
;;   br .return
;;        a  movsd xmm0, [rip+36h]
;;   .L1:
;;   br .L0
;;   .L0:
;;       12  jmp short 39h
;;   f64.const 1.5
;;   pick 0
;;   f64.const 0.1
;;   f64.mul
;;   f64.add
;;       14  vmulsd xmm2, xmm0, [rip+34h]
;;   pick 1
;;       1c  vaddsd xmm2, xmm2, [rip+24h]
;;   f32.const 3.0
;;   f32.div
;;   f64.promote_from.f32
;;       24  vdivss xmm3, xmm1, [rip+2Ch]
;;       2c  vcvtss2sd xmm3, xmm3, xmm3
;;   f64.sub
;;   br .return
;;       31  vsubsd xmm2, xmm2, xmm3
;;       36  movaps xmm0, xmm2
;;       39  ret
