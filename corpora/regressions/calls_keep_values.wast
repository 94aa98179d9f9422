;; Values that live across calls, in locals and on the stack, integers and floats, in a loop. (The ancestor never
;; restored its stack after a call and used up two slots for each.)
(module
  (func $mix (param i32 f64) (result i32) (i32.add (local.get 0) (i32.trunc_f64_s (local.get 1))))
  (func (export "keep") (param i32) (result i32 f64)
    (local i32 i32 i32 f64 f64)
    (local.set 1 (i32.const 3)) (local.set 2 (i32.const 5)) (local.set 4 (f64.const 1.5)) (local.set 5 (f64.const 0))
    (loop
      (i32.add (local.get 3) (local.get 1))
      (i32.mul (local.get 2) (local.get 0))
      (call $mix (local.get 0) (local.get 4))
      (i32.add) (i32.add)
      (local.set 3)
      (local.set 5 (f64.add (local.get 5) (local.get 4)))
      (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
      (br_if 0 (local.get 0)))
    (local.get 3) (local.get 5))
  (func (export "thousand") (param i32) (result i32)
    (local i32)
    (loop
      (local.set 1 (call $mix (call $mix (call $mix (local.get 1) (f64.const 1)) (f64.const 2)) (f64.const -2)))
      (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
      (br_if 0 (local.get 0)))
    (local.get 1)))

;; Sum over n = 4..1 of 3 + 5n + n + 1.
(assert_return (invoke "keep" (i32.const 4)) (i32.const 76) (f64.const 6))
(assert_return (invoke "thousand" (i32.const 100000)) (i32.const 100000))
