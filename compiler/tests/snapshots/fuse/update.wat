(module (memory 1) (func (param i32 i64)
  (i32.store offset=8 (local.get 0) (i32.add (i32.load offset=8 (local.get 0)) (i32.const 1)))
  (i64.store (local.get 0) (i64.xor (local.get 1) (i64.load (local.get 0))))
  (i32.store8 (local.get 0) (i32.sub (i32.load8_u (local.get 0)) (i32.const 3)))
  (i64.store16 (i32.const 16) (i64.or (i64.load16_s (i32.const 16)) (i64.const 0x1234)))
  ;; Another address, another width: no update.
  (i32.store offset=12 (local.get 0) (i32.add (i32.load offset=8 (local.get 0)) (i32.const 1)))
  (i32.store8 (local.get 0) (i32.add (i32.load (local.get 0)) (i32.const 1)))))
;; becomes
;; func 0 @0x1d
;;   pick 0
;;   pick 0
;;   i32.load offset=8
;;   i32.const 1
;;   i32.add
;;   i32.store offset=8
;;        0  add dword [r15+rdi+8], 1
;;   pick 0
;;   pick 1
;;   pick 0
;;   i64.load offset=0
;;   i64.xor
;;   i64.store offset=0
;;        6  xor [r15+rdi], rsi
;;   pick 0
;;   pick 0
;;   u32.load8 offset=0
;;   i32.const 3
;;   i32.sub
;;   i32.store8 offset=0
;;        a  sub byte [r15+rdi], 3
;;   i32.const 16
;;   i32.const 16
;;   i64.load16 offset=0
;;   i64.const 4660
;;   i64.or
;;   i64.store16 offset=0
;;        f  or word [r15+10h], 1234h
;;   pick 0
;;   pick 0
;;   i32.load offset=8
;;       16  mov r8d, [r15+rdi+8]
;;   i32.const 1
;;   i32.add
;;   i32.store offset=12
;;       1b  add r8d, 1
;;       1f  mov [r15+rdi+0Ch], r8d
;;   pick 0
;;   pick 0
;;   i32.load offset=0
;;       24  mov r8d, [r15+rdi]
;;   i32.const 1
;;   i32.add
;;   i32.store8 offset=0
;;       28  add r8d, 1
;;       2c  mov [r15+rdi], r8b
;;   br .return
;;       30  ret
