;; The exact function of the ancestor's README, in the form that rustc gave it, behind a `run` of our own.
;; Its native twin is fib.c.
(module
  (func $fib (param i32) (result i32) (local i32)
    (local.set 1 (i32.const 1))
    (block
      (br_if 0 (i32.lt_u (local.get 0) (i32.const 2)))
      (local.set 1 (i32.const 1))
      (loop
        (local.set 1 (i32.add (call $fib (i32.add (local.get 0) (i32.const -1))) (local.get 1)))
        (br_if 0 (i32.gt_u (local.tee 0 (i32.add (local.get 0) (i32.const -2))) (i32.const 1)))))
    (local.get 1))
  (func (export "run") (result i32)
    (call $fib (i32.const 34))))
