(module (func $f (param v128 v128 v128 v128 v128 v128 v128 v128 i32 v128) (result v128 v128 v128) unreachable)
 (func (param v128) (result v128)
  (call $f (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0) (i32.const 1) (local.get 0))
  (i32x4.add) (i32x4.add) (i32x4.add (local.get 0))))
;; becomes
;; func 0 @0x29
;;   unreachable
;;        0  ud2
;; func 1 @0x2d
;;        0  mov r11, [r14]
;;        3  cmp rsp, [r11]
;;        8  jb short 65h
;;        a  sub rsp, 28h
;;   pick 0
;;   pick 0
;;   pick 0
;;   pick 0
;;   pick 0
;;   pick 0
;;   pick 0
;;   pick 0
;;   i32.const 1
;;   pick 0
;;   call 0 :: [v128, v128, v128, v128, v128, v128, v128, v128, i32, v128] -> [v128, v128, v128]
;;        e  movups [rsp], xmm0
;;       12  sub rsp, 10h
;;       19  movups [rsp], xmm0
;;       1d  movaps xmm1, xmm0
;;       20  movaps xmm2, xmm0
;;       23  movaps xmm3, xmm0
;;       26  movaps xmm4, xmm0
;;       29  movaps xmm5, xmm0
;;       2c  movaps xmm6, xmm0
;;       2f  movaps xmm7, xmm0
;;       32  mov edi, 1
;;       37  call 0FFFFFFFFFFFFFFF0h
;;       3c  mov r11, [r14]
;;       3f  mov r11, [r11+8]
;;       43  movups xmm15, [r11+20h]
;;       48  movups [rsp+10h], xmm15
;;   i32x4.add
;;   i32x4.add
;;       4e  vpaddd xmm1, xmm1, [rsp+10h]
;;   pick 0
;;       54  vpaddd xmm0, xmm0, xmm1
;;       58  movups xmm2, [rsp]
;;   i32x4.add
;;   br .return
;;       5c  vpaddd xmm0, xmm0, xmm2
;;       60  add rsp, 28h
;;       64  ret
;;       65  ud2
