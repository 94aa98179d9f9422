(module
  (func (param v128 v128) (result v128)
    (local.set 0 (v128.or
      (i32x4.shl (local.get 0) (i32.const 12))
      (i32x4.shr_u (local.get 0) (i32.const 20))))
    (v128.or
      (i64x2.shr_u (local.tee 1 (v128.xor (local.get 0) (local.get 1))) (i32.const 8))
      (i64x2.shl (local.get 1) (i32.const 56))))
  (func (param v128) (result v128)
    (v128.or
      (i32x4.shl (local.get 0) (i32.const 12))
      (i32x4.shr_u (local.get 0) (i32.const 21)))))
;; becomes
;; func 0 @0x1f
;;   pick 0
;;   i32.const 12
;;   i32x4.shl
;;   pick 0
;;   i32.const 20
;;   u32x4.shr
;;   v128.or
;;   put 0
;;        0  vpslld xmm15, xmm0, 0Ch
;;        5  vpsrld xmm0, xmm0, 14h
;;        a  vpor xmm0, xmm0, xmm15
;;   pick 0
;;   pick 1
;;   v128.xor
;;   tee 1
;;        f  vpxor xmm1, xmm1, xmm0
;;   i32.const 8
;;   u64x2.shr
;;   pick 1
;;   i32.const 56
;;   i64x2.shl
;;   v128.or
;;   br .return
;;       13  vpshufb xmm2, xmm1, [rip+24h]
;;       1c  movaps xmm0, xmm2
;;       1f  ret
;; func 1 @0x4a
;;   pick 0
;;   i32.const 12
;;   i32x4.shl
;;   pick 0
;;        0  vpslld xmm1, xmm0, 0Ch
;;   i32.const 21
;;   u32x4.shr
;;   v128.or
;;        5  vpsrld xmm2, xmm0, 15h
;;   br .return
;;        a  vpor xmm1, xmm1, xmm2
;;        e  movaps xmm0, xmm1
;;       11  ret
