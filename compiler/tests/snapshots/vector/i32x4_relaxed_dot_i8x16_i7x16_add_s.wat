(module (func (param v128 v128 v128) (result v128)
  (i32x4.relaxed_dot_i8x16_i7x16_add_s (local.get 0) (local.get 1) (local.get 2))))
;; becomes
;; func 0 @0x1a
;;   pick 0
;;   pick 1
;;   pick 2
;;   i32x4.relaxed_dot_add_from.i8x16
;;       20  vpsllw xmm3, xmm0, 8
;;       25  vpsraw xmm3, xmm3, 8
;;       2a  vpsllw xmm15, xmm1, 8
;;       2f  vpsraw xmm15, xmm15, 8
;;       35  vpmullw xmm3, xmm3, xmm15
;;       3a  vpsraw xmm4, xmm0, 8
;;       3f  vpsraw xmm15, xmm1, 8
;;       44  vpmullw xmm4, xmm4, xmm15
;;       49  vpaddw xmm3, xmm3, xmm4
;;       4d  vpmaddwd xmm3, xmm3, [rip+0Bh]
;;       55  vpaddd xmm3, xmm3, xmm2
;;   br .return
;;       59  movaps xmm0, xmm3
;;       5c  ret
;;       5d  int3
;;       5e  int3
;;       5f  int3
;;       60  do 00010001000100010001000100010001h
