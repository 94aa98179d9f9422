(module (func $f (param v128 v128 v128 v128 v128 v128 v128 v128 i32 v128) (result v128 v128 v128) unreachable)
 (func (param v128) (result v128)
  (call $f (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0) (i32.const 1) (local.get 0))
  (i32x4.add) (i32x4.add) (i32x4.add (local.get 0))))
;; becomes
;; func 0 @0x29
;;   unreachable
;;       20  ud2
;; func 1 @0x2d
;;        e  mov r11, [r14]
;;       11  cmp rsp, [r11]
;;       16  jb near 7Ah
;;       1c  sub rsp, 28h
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
;;       20  movups [rsp], xmm0
;;       24  sub rsp, 10h
;;       2b  movups [rsp], xmm0
;;       2f  movaps xmm7, xmm0
;;       32  movaps xmm6, xmm0
;;       35  movaps xmm5, xmm0
;;       38  movaps xmm4, xmm0
;;       3b  movaps xmm3, xmm0
;;       3e  movaps xmm2, xmm0
;;       41  movaps xmm1, xmm0
;;       44  mov edi, 1
;;       49  call 0FFFFFFFFFFFFFFF0h
;;       4e  mov r11, [r14]
;;       51  mov r11, [r11+8]
;;       55  movups xmm15, [r11+20h]
;;       5a  movups [rsp+10h], xmm15
;;   i32x4.add
;;   i32x4.add
;;       60  movups xmm2, [rsp+10h]
;;       65  vpaddd xmm1, xmm1, xmm2
;;   pick 0
;;       69  vpaddd xmm0, xmm0, xmm1
;;       6d  movups xmm2, [rsp]
;;   i32x4.add
;;   br .return
;;       71  vpaddd xmm0, xmm0, xmm2
;;       75  add rsp, 28h
;;       79  ret
;;       7a  ud2
