(module (func (param v128 i32) (result v128)
  (i8x16.shr_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i8x16.shr
;;       20  mov r11d, edi
;;       23  and r11d, 7
;;       27  add r11d, 8
;;       2b  vmovd xmm15, r11d
;;       30  vpunpckhbw xmm2, xmm0, xmm0
;;       34  vpunpcklbw xmm1, xmm0, xmm0
;;       38  vpsraw xmm2, xmm2, xmm15
;;       3d  vpsraw xmm1, xmm1, xmm15
;;       42  vpacksswb xmm1, xmm1, xmm2
;;   br .return
;;       46  movaps xmm0, xmm1
;;       49  ret
