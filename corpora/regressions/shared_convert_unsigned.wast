;; Unsigned integers to floats, above and below 2^63, with the integer used again afterwards. (The ancestor halved the
;; shared register in place, and cut a shared i64 to 32 bits.)
(module
  (func (export "f64_u64") (param i64) (result f64 i64) (f64.convert_i64_u (local.get 0)) (local.get 0))
  (func (export "f32_u64") (param i64) (result f32 i64) (f32.convert_i64_u (local.get 0)) (local.get 0))
  (func (export "f64_u32") (param i64) (result f64 i64) (f64.convert_i32_u (i32.wrap_i64 (local.get 0))) (local.get 0))
  (func (export "f32_u32") (param i32) (result f32 i32) (f32.convert_i32_u (local.get 0)) (local.get 0)))

(assert_return (invoke "f64_u64" (i64.const -1)) (f64.const 18446744073709551616) (i64.const -1))
(assert_return (invoke "f64_u64" (i64.const 0x8000000000000401)) (f64.const 9223372036854777856) (i64.const 0x8000000000000401))
(assert_return (invoke "f64_u64" (i64.const 0x8000000000000400)) (f64.const 9223372036854775808) (i64.const 0x8000000000000400))
(assert_return (invoke "f64_u64" (i64.const 12345)) (f64.const 12345) (i64.const 12345))
(assert_return (invoke "f32_u64" (i64.const 0x7fffffffffffffff)) (f32.const 9223372036854775808) (i64.const 0x7fffffffffffffff))
(assert_return (invoke "f32_u64" (i64.const 0x8000008000000001)) (f32.const 9223373136366403584) (i64.const 0x8000008000000001))
(assert_return (invoke "f32_u64" (i64.const 0x0020000020000001)) (f32.const 0x1.000002p53) (i64.const 0x0020000020000001))
(assert_return (invoke "f64_u32" (i64.const 0x1_ffffffff)) (f64.const 4294967295) (i64.const 0x1_ffffffff))
(assert_return (invoke "f32_u32" (i32.const -1)) (f32.const 4294967296) (i32.const -1))
