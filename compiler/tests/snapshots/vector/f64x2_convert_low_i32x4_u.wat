(module (func (param v128) (result v128)
  (f64x2.convert_low_i32x4_u (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f64x2.convert_low_from.u32x4
;;       20  vpunpckldq xmm1, xmm0, [rip+18h]
;;       28  vsubpd xmm1, xmm1, [rip+20h]
;;   br .return
;;       30  movaps xmm0, xmm1
;;       33  ret
;;       34  int3
;;       35  int3
;;       36  int3
;;       37  int3
;;       38  int3
;;       39  int3
;;       3a  int3
;;       3b  int3
;;       3c  int3
;;       3d  int3
;;       3e  int3
;;       3f  int3
;;       40  do 43300000433000004330000043300000h
;;       50  do 43300000000000004330000000000000h
