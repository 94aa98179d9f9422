(module (func (param v128) (result v128)
  (i8x16.shl (i64x2.shr_s (i16x8.shr_u (local.get 0) (i32.const 3)) (i32.const 70)) (i32.const 9))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32.const 3
;;   u16x8.shr
;;   i32.const 70
;;        0  vpsrlw xmm1, xmm0, 3
;;   i64x2.shr
;;   i32.const 9
;;        5  vpsrlq xmm1, xmm1, 6
;;        a  vpxor xmm1, xmm1, [rip+1Eh]
;;       12  vpsubq xmm1, xmm1, [rip+16h]
;;   i8x16.shl
;;   br .return
;;       1a  vpsllw xmm1, xmm1, 1
;;       1f  vpand xmm1, xmm1, [rip+19h]
;;       27  movaps xmm0, xmm1
;;       2a  ret
