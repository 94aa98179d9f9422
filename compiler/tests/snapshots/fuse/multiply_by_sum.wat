(module (func (param i32 i64) (result i64)
  (i64.add (i64.mul (local.get 1) (i64.const 9))
    (i64.extend_i32_u (i32.xor (i32.mul (local.get 0) (i32.const 3)) (i32.add (i32.mul (local.get 0) (i32.const 5)) (i32.const 1)))))))
;; becomes
;; func 0 @0x19
;;   pick 1
;;   i64.const 9
;;   i64.mul
;;   pick 0
;;        0  lea r8, [rsi+rsi*8]
;;   i32.const 3
;;   i32.mul
;;   pick 0
;;        4  lea r9d, [rdi+rdi*2]
;;   i32.const 5
;;   i32.mul
;;   i32.const 1
;;   i32.add
;;   i32.xor
;;        8  lea r10d, [rdi+rdi*4+1]
;;   i64.extend_from.u32
;;        d  xor r9d, r10d
;;   i64.add
;;   br .return
;;       10  add r8, r9
;;       13  mov rax, r8
;;       16  ret
