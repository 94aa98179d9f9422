(module (func (param i32 i64) (result i64)
  (i64.add (local.get 1)
    (i64.add (i64.extend_i32_u (i32.sub (i32.and (local.get 0) (i32.const 255)) (i32.and (local.get 0) (i32.const 65535))))
      (i64.xor (local.get 1) (i64.and (local.get 1) (i64.const 0xffffffff)))))))
;; becomes
;; func 0 @0x19
;;   pick 1
;;   pick 0
;;   i32.const 255
;;   i32.and
;;   pick 0
;;        0  movzx r8d, dil
;;   i32.const 65535
;;   i32.and
;;   i32.sub
;;        4  movzx r9d, di
;;   i64.extend_from.u32
;;        8  sub r8d, r9d
;;   pick 1
;;   pick 1
;;   i64.const 4294967295
;;   i64.and
;;   i64.xor
;;        b  mov r9d, esi
;;   i64.add
;;        e  xor r9, rsi
;;   i64.add
;;       11  add r8, r9
;;   br .return
;;       14  add r8, rsi
;;       17  mov rax, r8
;;       1a  ret
