(module (func (result v128 v128 v128)
  (v128.const i64x2 0 0) (v128.const i64x2 -1 -1) (v128.const i32x4 1 2 3 4)))
;; becomes
;; func 0 @0x19
;;   v128.const i32x4 0x00000000 0x00000000 0x00000000 0x00000000
;;   v128.const i32x4 0xffffffff 0xffffffff 0xffffffff 0xffffffff
;;       20  vpcmpeqd xmm0, xmm0, xmm0
;;   v128.const i32x4 0x00000001 0x00000002 0x00000003 0x00000004
;;       24  movaps xmm1, [rip+15h]
;;   br .return
;;       2b  mov r11, [r14]
;;       2e  mov r11, [r11+8]
;;       32  movups [r11+20h], xmm1
;;       37  movaps xmm1, xmm0
;;       3a  xorps xmm0, xmm0
;;       3d  ret
;;       3e  int3
;;       3f  int3
;;       40  do 00000004000000030000000200000001h
