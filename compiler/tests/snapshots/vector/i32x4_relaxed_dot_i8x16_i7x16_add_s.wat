(module (func (param v128 v128 v128) (result v128)
  (i32x4.relaxed_dot_i8x16_i7x16_add_s (local.get 0) (local.get 1) (local.get 2))))
;; becomes
;; func 0 @0x1a
;;   pick 0
;;   pick 1
;;   pick 2
;;   i32x4.relaxed_dot_add_from.i8x16
;;   br .return
;;        0  vpsllw xmm3, xmm0, 8
;;        5  vpsraw xmm3, xmm3, 8
;;        a  vpsllw xmm15, xmm1, 8
;;        f  vpsraw xmm15, xmm15, 8
;;       15  vpmullw xmm3, xmm3, xmm15
;;       1a  vpsraw xmm4, xmm0, 8
;;       1f  vpsraw xmm15, xmm1, 8
;;       24  vpmullw xmm4, xmm4, xmm15
;;       29  vpaddw xmm3, xmm3, xmm4
;;       2d  vpmaddwd xmm3, xmm3, [rip+0Bh]
;;       35  vpaddd xmm3, xmm3, xmm2
;;       39  movaps xmm0, xmm3
;;       3c  ret
