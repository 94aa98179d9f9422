;; A br_table whose index is a constant takes one branch; the labels of the others are bound all the
;; same, without any branch to them. A compiler that expects one fails on the dead code behind.
(module
  (func (export "f") (param i32) (result i32)
    (block $dead
      (block $live
        (br_table $dead $live $dead (i32.const 1)))
      (return (i32.const 7)))
    (local.set 0 (i32.add (local.get 0) (i32.const 1)))
    (local.get 0))
  (func (export "g") (param i32) (result i32)
    (block $dead (result i32)
      (block $live (result i32)
        (br_table $dead $live (local.get 0) (i32.const -1)))
      (return (i32.mul (i32.const 3))))))
(assert_return (invoke "f" (i32.const 5)) (i32.const 7))
(assert_return (invoke "g" (i32.const 5)) (i32.const 15))
