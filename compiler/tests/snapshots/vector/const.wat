(module (func (result v128 v128 v128)
  (v128.const i64x2 0 0) (v128.const i64x2 -1 -1) (v128.const i32x4 1 2 3 4)))
;; becomes
;; func 0 @0x19
;;   v128.const i32x4 0x00000000 0x00000000 0x00000000 0x00000000
;;   v128.const i32x4 0xffffffff 0xffffffff 0xffffffff 0xffffffff
;;        0  vpcmpeqd xmm0, xmm0, xmm0
;;   v128.const i32x4 0x00000001 0x00000002 0x00000003 0x00000004
;;        4  movaps xmm1, [rip+15h]
;;   br .return
;;        b  mov r11, [r14]
;;        e  mov r11, [r11+8]
;;       12  movups [r11+20h], xmm1
;;       17  movaps xmm1, xmm0
;;       1a  xorps xmm0, xmm0
;;       1d  ret
