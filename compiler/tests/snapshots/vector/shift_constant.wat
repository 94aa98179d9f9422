(module (func (param v128) (result v128)
  (i8x16.shl (i64x2.shr_s (i16x8.shr_u (local.get 0) (i32.const 3)) (i32.const 70)) (i32.const 9))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   i32.const 3
;;   u16x8.shr
;;       20  vpsrlw xmm1, xmm0, 3
;;   i32.const 70
;;   i64x2.shr
;;       25  vpsrlq xmm1, xmm1, 6
;;       2a  vpxor xmm1, xmm1, [rip+1Eh]
;;       32  vpsubq xmm1, xmm1, [rip+16h]
;;   i32.const 9
;;   i8x16.shl
;;       3a  vpsllw xmm1, xmm1, 1
;;       3f  vpand xmm1, xmm1, [rip+19h]
;;   br .return
;;       47  movaps xmm0, xmm1
;;       4a  ret
;;       4b  int3
;;       4c  int3
;;       4d  int3
;;       4e  int3
;;       4f  int3
;;       50  do 02000000000000000200000000000000h
;;       60  do FEFEFEFEFEFEFEFEFEFEFEFEFEFEFEFEh
