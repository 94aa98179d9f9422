(module (func (param v128 i32) (result v128)
  (i64x2.shl (local.get 0) (local.get 1))))
;; becomes
;; func 0 @0x19
;;   pick 0
;;   pick 1
;;   i64x2.shl
;;   br .return
;;        0  mov r11d, edi
;;        3  and r11d, 3Fh
;;        7  vmovd xmm15, r11d
;;        c  vpsllq xmm1, xmm0, xmm15
;;       11  movaps xmm0, xmm1
;;       14  ret
