(module (func (param v128 i32) (result v128)
  (i8x16.shr_s (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i8x16.shr
;;   br .return
;;        0  mov r11d, edi
;;        3  and r11d, 7
;;        7  add r11d, 8
;;        b  vmovd xmm15, r11d
;;       10  vpunpckhbw xmm2, xmm0, xmm0
;;       14  vpunpcklbw xmm1, xmm0, xmm0
;;       18  vpsraw xmm2, xmm2, xmm15
;;       1d  vpsraw xmm1, xmm1, xmm15
;;       22  vpacksswb xmm1, xmm1, xmm2
;;       26  movaps xmm0, xmm1
;;       29  ret
