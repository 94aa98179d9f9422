//! Every operator against expectations that are computed in another way: integers by 128-bit
//! arithmetic, floats from their bits, `f32` arithmetic in `f64`, `f64` arithmetic by exact integers
//! and by hand. What an operator is expected to do follows from its name in the table.

use super::*;
use crate::microwasm::{Load, Store};

const INTS: [u64; 30] = [
    0,
    1,
    2,
    3,
    7,
    8,
    31,
    32,
    33,
    63,
    64,
    65,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0x8000,
    0xffff,
    0x7fff_ffff,
    0x8000_0000,
    0x8000_0001,
    0xffff_fffe,
    0xffff_ffff,
    0x1_0000_0000,
    0x0123_4567_89ab_cdef,
    0x7fff_ffff_ffff_ffff,
    0x8000_0000_0000_0000,
    0x8000_0000_0000_0001,
    0xffff_ffff_ffff_fffe,
    u64::MAX,
];

const FLOATS: [f64; 34] = [
    0.0,
    0.25,
    0.5,
    0.75,
    0.9999999999999999,
    1.0,
    1.5,
    2.0,
    2.5,
    3.0,
    3.5,
    127.5,
    8388607.5,
    8388608.0,
    16777217.0,
    2147483647.0,
    2147483647.9,
    2147483648.0,
    2147483648.9,
    4294967295.0,
    4294967295.9,
    4294967296.0,
    4503599627370495.5,
    4503599627370496.5,
    9007199254740993.0,
    9223372036854774784.0,
    9223372036854775808.0,
    18446744073709549568.0,
    18446744073709551616.0,
    1e300,
    f64::MAX,
    f64::MIN_POSITIVE,
    5e-324,
    f64::INFINITY,
];

fn width(ty: Type) -> u32 {
    if matches!(ty, Type::I32 | Type::F32) { 32 } else { 64 }
}

fn mask(value: i128, width: u32) -> u64 {
    (value & ((1 << width) - 1)) as u64
}

/// The integer that the bits mean.
fn int(bits: u64, width: u32, signed: bool) -> i128 {
    let value = i128::from(bits) & ((1 << width) - 1);
    if signed && value >> (width - 1) != 0 { value - (1 << width) } else { value }
}

/// `f64` edges of both signs and every kind of NaN, as bits of the type.
fn floats(ty: Type) -> Vec<u64> {
    let bits = |value: f64| if ty == Type::F32 { u64::from((value as f32).to_bits()) } else { value.to_bits() };
    let mut all: Vec<u64> = FLOATS.iter().flat_map(|value| [bits(*value), bits(-*value)]).collect();
    if ty == Type::F32 {
        all.extend([0x7fc0_0000, 0xffc0_0000, 0x7f80_0001, 0xffbf_ffff, 0x7fff_ffff, 1, 0x8000_0001, 0x7f7f_ffff]);
    } else {
        all.extend([0x7ff8_0000_0000_0000, 0xfff8_0000_0000_0000, 0x7ff0_0000_0000_0001, 0xffff_ffff_ffff_ffff]);
    }
    all
}

fn operands(ty: Type) -> Vec<u64> {
    match ty {
        Type::I32 => INTS.iter().map(|bits| bits & 0xffff_ffff).chain((0..2000).map(|n| n * 0x0010_5a3d)).collect(),
        Type::F32 | Type::F64 => floats(ty),
        _ => INTS.to_vec(),
    }
}

/// A float taken apart: `(-1)^sign * mantissa * 2^exponent`.
struct Parts {
    sign: bool,
    mantissa: u64,
    exponent: i32,
    nan: bool,
    infinite: bool,
}

fn parts(ty: Type, bits: u64) -> Parts {
    let (total, fraction_bits) = if ty == Type::F32 { (32, 23) } else { (64, 52) };
    let biased = (bits >> fraction_bits) & ((1 << (total - 1 - fraction_bits)) - 1);
    let fraction = bits & ((1 << fraction_bits) - 1);
    let all_ones = biased == (1 << (total - 1 - fraction_bits)) - 1;
    let bias = (1 << (total - 2 - fraction_bits)) - 1;
    Parts {
        sign: bits >> (total - 1) != 0,
        mantissa: if biased == 0 { fraction } else { fraction | 1 << fraction_bits },
        exponent: biased.max(1) as i32 - bias - fraction_bits,
        nan: all_ones && fraction != 0,
        infinite: all_ones && fraction == 0,
    }
}

/// The absolute integer part, at most 2^100, and the fraction against one half.
fn whole(parts: &Parts) -> (i128, std::cmp::Ordering, bool) {
    let mantissa = i128::from(parts.mantissa);
    if parts.infinite || (parts.exponent > 40 && mantissa != 0) {
        return (1 << 100, std::cmp::Ordering::Less, false);
    }
    if parts.exponent >= 0 {
        return (mantissa << parts.exponent, std::cmp::Ordering::Less, false);
    }
    let shift = parts.exponent.unsigned_abs().min(120);
    let fraction = mantissa & ((1 << shift) - 1);
    (mantissa >> shift, fraction.cmp(&(1 << (shift - 1))), fraction != 0)
}

/// The integer rounded to so many significant bits, ties to even.
fn round(value: i128, significant: u32) -> i128 {
    let size = value.unsigned_abs();
    let extra = (128 - size.leading_zeros()).saturating_sub(significant);
    if extra == 0 {
        return value;
    }
    let (kept, rest, half) = (size >> extra, size & ((1 << extra) - 1), 1u128 << (extra - 1));
    let up = rest > half || (rest == half && kept & 1 == 1);
    ((kept + u128::from(up)) << extra) as i128 * value.signum()
}

const fn canonical(ty: Type) -> u64 {
    if matches!(ty, Type::F32) { 0x7fc0_0000 } else { 0x7ff8_0000_0000_0000 }
}

/// Sorts as floats do, -0 below 0.
fn key(ty: Type, bits: u64) -> i128 {
    let size = int(bits, width(ty) - 1, false);
    if parts(ty, bits).sign { -1 - size } else { size }
}

fn expected_truncation(from: Type, bits: u64, to: &str, saturate: bool) -> Result<u64, TrapKind> {
    let (width, signed) = (to[1..].parse::<u32>().unwrap(), to.starts_with('i'));
    let parts = parts(from, bits);
    if parts.nan {
        return if saturate { Ok(0) } else { Err(TrapKind::BadConversionToInteger) };
    }
    let (low, high) =
        if signed { (-(1i128 << (width - 1)), (1 << (width - 1)) - 1) } else { (0, (1i128 << width) - 1) };
    let value = if parts.sign { -whole(&parts).0 } else { whole(&parts).0 };
    if !saturate && !(low..=high).contains(&value) {
        return Err(TrapKind::IntegerOverflow);
    }
    Ok(mask(value.clamp(low, high), width))
}

fn expected_rounding(ty: Type, name: &str, bits: u64) -> u64 {
    let float = parts(ty, bits);
    if float.nan {
        return canonical(ty);
    }
    let (size, half, inexact) = whole(&float);
    if !inexact {
        return bits;
    }
    let up = match name {
        "ceil" => !float.sign,
        "floor" => float.sign,
        "trunc" => false,
        _ => half.is_gt() || (half.is_eq() && size & 1 == 1),
    };
    // Below 2^53 (it had a fraction), so the conversion is exact.
    let size = (size + i128::from(up)) as f64;
    let value = if float.sign { -size } else { size };
    if ty == Type::F32 { u64::from((value as f32).to_bits()) } else { value.to_bits() }
}

fn expected_unary(op: Unary, a: u64) -> Result<u64, TrapKind> {
    let (ty, name) = op.name().split_once('.').unwrap();
    let (from, to) = (op.operands()[0], op.result());
    let bits = width(from);
    let value = int(a, bits, false);
    let all = |f: &dyn Fn(u32) -> bool| (0..bits).take_while(|bit| f(*bit)).count() as u64;
    let set = |bit: u32| value >> bit & 1 == 1;
    Ok(match name {
        "eqz" | "is_null" => u64::from(value == 0),
        "clz" => all(&|bit| !set(bits - 1 - bit)),
        "ctz" => all(&|bit| !set(bit)),
        "popcnt" => (0..bits).filter(|bit| set(*bit)).count() as u64,
        "extend8" => mask(int(a, 8, true), bits),
        "extend16" => mask(int(a, 16, true), bits),
        "extend32" => mask(int(a, 32, true), bits),
        "wrap_from.i64" => a % (1 << 32),
        "extend_from.i32" => mask(int(a, 32, true), 64),
        "extend_from.u32" => mask(int(a, 32, false), 64),
        "abs" => a % (1 << (bits - 1)),
        "neg" => mask(value + (1 << (bits - 1)), bits),
        "ceil" | "floor" | "trunc" | "nearest" => expected_rounding(from, name, a),
        "sqrt" if parts(from, a).nan || (parts(from, a).sign && parts(from, a).mantissa != 0) => canonical(from),
        // Rounding the exact root twice is harmless from `f64` to `f32`.
        "sqrt" if from == Type::F32 => u64::from((f64::from(f32::from_bits(a as u32)).sqrt() as f32).to_bits()),
        "sqrt" => f64::from_bits(a).sqrt().to_bits(),
        "truncate_from.f32" | "truncate_from.f64" => return expected_truncation(from, a, ty, false),
        "truncate_sat_from.f32" | "truncate_sat_from.f64" => return expected_truncation(from, a, ty, true),
        "convert_from.i32" | "convert_from.u32" | "convert_from.i64" | "convert_from.u64" => {
            let exact = int(a, bits, name.contains(".i"));
            let rounded = round(exact, if to == Type::F32 { 24 } else { 53 });
            // Exact, now that it has been rounded.
            if to == Type::F32 { u64::from((rounded as f32).to_bits()) } else { (rounded as f64).to_bits() }
        }
        "demote_from.f64" | "promote_from.f32" if parts(from, a).nan => canonical(to),
        "promote_from.f32" => {
            let Parts { sign, mantissa, exponent, infinite, .. } = parts(from, a);
            let size = if infinite { f64::INFINITY } else { mantissa as f64 * 2f64.powi(exponent) };
            (if sign { -size } else { size }).to_bits()
        }
        // By hand below.
        "demote_from.f64" => u64::from((f64::from_bits(a) as f32).to_bits()),
        "reinterpret_from.f32" | "reinterpret_from.f64" | "reinterpret_from.i32" | "reinterpret_from.i64" => a,
        other => panic!("no expectation for {ty}.{other}"),
    })
}

fn expected_integer_binary(op: Binary, a: u64, b: u64) -> Result<u64, TrapKind> {
    let (ty, name) = op.name().split_once('.').unwrap();
    let (bits, signed) = (width(op.result()), ty.starts_with('i'));
    let (x, y) = (int(a, bits, signed), int(b, bits, signed));
    let distance = int(b, bits, false) % i128::from(bits);
    let plain = int(a, bits, false);
    let value = match name {
        "add" => x + y,
        "sub" => x - y,
        // Two's complement: the low half of the product does not depend on the signs.
        "mul" => (plain as u128).wrapping_mul(int(b, bits, false) as u128) as i128,
        "div" | "rem" if y == 0 => return Err(TrapKind::IntegerDivisionByZero),
        "div" if x / y > (1 << (bits - 1)) - 1 && signed => return Err(TrapKind::IntegerOverflow),
        "div" => x / y,
        "rem" => x % y,
        "and" => x & y,
        "or" => x | y,
        "xor" => x ^ y,
        "shl" => plain << distance,
        "shr" => x >> distance,
        "rotl" => plain << distance | plain >> (i128::from(bits) - distance),
        "rotr" => plain >> distance | plain << (i128::from(bits) - distance),
        other => panic!("no expectation for {ty}.{other}"),
    };
    Ok(mask(value, bits))
}

/// `f64` arithmetic is the processor's own here; [`f64_arithmetic_is_exact_arithmetic_rounded`] and
/// [`arithmetic_by_hand`] say what it has to be.
fn expected_float_binary(op: Binary, a: u64, b: u64) -> u64 {
    let (ty, name) = (op.result(), op.name().split_once('.').unwrap().1);
    let sign = 1 << (width(ty) - 1);
    if name == "copysign" {
        return if parts(ty, b).sign { a | sign } else { a & (sign - 1) };
    }
    if parts(ty, a).nan || parts(ty, b).nan {
        return canonical(ty);
    }
    let wide = |bits: u64| if ty == Type::F32 { f64::from(f32::from_bits(bits as u32)) } else { f64::from_bits(bits) };
    let value = match name {
        "min" => return if key(ty, a) < key(ty, b) { a } else { b },
        "max" => return if key(ty, a) > key(ty, b) { a } else { b },
        "add" => wide(a) + wide(b),
        "sub" => wide(a) - wide(b),
        "mul" => wide(a) * wide(b),
        "div" => wide(a) / wide(b),
        other => panic!("no expectation for {ty}.{other}"),
    };
    match ty {
        _ if value.is_nan() => canonical(ty),
        Type::F32 => u64::from((value as f32).to_bits()),
        _ => value.to_bits(),
    }
}

#[test]
fn every_unary_operator() {
    for op in Unary::ALL {
        for a in operands(op.operands()[0]) {
            assert_eq!(unary(*op, a), expected_unary(*op, a), "{op:?} {a:#x}");
        }
    }
}

#[test]
fn every_narrow_operand_of_the_integer_operators() {
    for op in Unary::ALL.iter().filter(|op| !op.operands()[0].is_float()) {
        for a in (0..=0xffff).chain((0..=0xffff).map(|low| mask(int(low, 16, true), width(op.operands()[0])))) {
            assert_eq!(unary(*op, a), expected_unary(*op, a), "{op:?} {a:#x}");
        }
    }
}

#[test]
fn every_binary_operator() {
    for op in Binary::ALL {
        let values = operands(op.operands()[0]);
        for a in values.iter().take(100) {
            for b in values.iter().take(100) {
                let expected = if op.result().is_float() {
                    Ok(expected_float_binary(*op, *a, *b))
                } else {
                    expected_integer_binary(*op, *a, *b)
                };
                assert_eq!(binary(*op, *a, *b), expected, "{op:?} {a:#x} {b:#x}");
            }
        }
    }
}

#[test]
fn every_comparison() {
    for op in Compare::ALL {
        let (ty, name) = op.name().split_once('.').unwrap();
        let operand = op.operands()[0];
        for a in operands(operand).into_iter().take(100) {
            for b in operands(operand).into_iter().take(100) {
                let order = if !operand.is_float() {
                    let signed = ty.starts_with('i');
                    Some(int(a, width(operand), signed).cmp(&int(b, width(operand), signed)))
                } else if parts(operand, a).nan || parts(operand, b).nan {
                    None
                } else if parts(operand, a).mantissa == 0 && parts(operand, b).mantissa == 0 {
                    Some(std::cmp::Ordering::Equal)
                } else {
                    Some(key(operand, a).cmp(&key(operand, b)))
                };
                let expected = match name {
                    "eq" => order.is_some_and(std::cmp::Ordering::is_eq),
                    "ne" => order.is_none_or(std::cmp::Ordering::is_ne),
                    "lt" => order.is_some_and(std::cmp::Ordering::is_lt),
                    "gt" => order.is_some_and(std::cmp::Ordering::is_gt),
                    "le" => order.is_some_and(std::cmp::Ordering::is_le),
                    "ge" => order.is_some_and(std::cmp::Ordering::is_ge),
                    other => panic!("no expectation for {ty}.{other}"),
                };
                assert_eq!(compare(*op, a, b), expected, "{op:?} {a:#x} {b:#x}");
            }
        }
    }
}

#[test]
fn f64_arithmetic_is_exact_arithmetic_rounded() {
    let mut values: Vec<i128> = (0..53).flat_map(|bit| [1 << bit, (1 << bit) + 1, (1 << bit) - 1]).collect();
    values.extend([9007199254740991, 3002399751580331, 6004799503160661, 123456789]);
    values.extend(values.clone().iter().map(|value| -value));
    for a in &values {
        for b in &values {
            let (x, y) = ((*a as f64).to_bits(), (*b as f64).to_bits());
            let check = |op, exact: i128| {
                let bits = binary(op, x, y).unwrap();
                assert_eq!(f64::from_bits(bits) as i128, round(exact, 53), "{op:?} {a} {b}");
            };
            check(Binary::F64Add, a + b);
            check(Binary::F64Sub, a - b);
            check(Binary::F64Mul, a * b);
        }
    }
}

#[test]
fn arithmetic_by_hand() {
    const INF: u64 = 0x7ff0_0000_0000_0000;
    const MINUS: u64 = 1 << 63;
    const NAN: u64 = 0x7ff8_0000_0000_0000;
    const ONE: u64 = 0x3ff0_0000_0000_0000;
    const MAX: u64 = 0x7fef_ffff_ffff_ffff;
    let cases: &[(Binary, u64, u64, u64)] = &[
        (Binary::F64Add, INF, INF | MINUS, NAN),
        (Binary::F64Add, MINUS, 0, 0),
        (Binary::F64Add, MINUS, MINUS, MINUS),
        (Binary::F64Add, ONE, ONE | MINUS, 0),
        (Binary::F64Add, MAX, MAX, INF),
        (Binary::F64Add, 0x3fb9_9999_9999_999a, 0x3fc9_9999_9999_999a, 0x3fd3_3333_3333_3334),
        (Binary::F64Sub, INF, INF, NAN),
        (Binary::F64Sub, 0, 0, 0),
        (Binary::F64Sub, MINUS, 0, MINUS),
        (Binary::F64Mul, 0, INF | MINUS, NAN),
        (Binary::F64Mul, MINUS, ONE, MINUS),
        (Binary::F64Mul, 1, 0x3fe0_0000_0000_0000, 0),
        (Binary::F64Mul, 3, 0x3fe0_0000_0000_0000, 2),
        (Binary::F64Div, 0, MINUS, NAN),
        (Binary::F64Div, INF, INF, NAN),
        (Binary::F64Div, ONE, MINUS, INF | MINUS),
        (Binary::F64Div, ONE, INF | MINUS, MINUS),
        (Binary::F64Div, ONE, 0x4008_0000_0000_0000, 0x3fd5_5555_5555_5555),
        (Binary::F64Div, 0x4000_0000_0000_0000, 0x4008_0000_0000_0000, 0x3fe5_5555_5555_5555),
        (Binary::F64Min, 0, MINUS, MINUS),
        (Binary::F64Min, MINUS, 0, MINUS),
        (Binary::F64Max, MINUS, 0, 0),
        (Binary::F64Max, 0, MINUS, 0),
        (Binary::F64Min, 0xfff0_0000_0000_0001, ONE, NAN),
        (Binary::F64Copysign, 0x7ff0_0000_0000_0001, MINUS, 0xfff0_0000_0000_0001),
    ];
    for (op, a, b, expected) in cases {
        assert_eq!(binary(*op, *a, *b), Ok(*expected), "{op:?} {a:#x} {b:#x}");
    }
    let cases: &[(Unary, u64, u64)] = &[
        (Unary::F64Sqrt, MINUS, MINUS),
        (Unary::F64Sqrt, ONE | MINUS, NAN),
        (Unary::F64Sqrt, 0x4000_0000_0000_0000, 0x3ff6_a09e_667f_3bcd),
        (Unary::F64Sqrt, INF, INF),
        (Unary::F64Ceil, 0xbfe0_0000_0000_0000, MINUS),
        (Unary::F64Nearest, 0xbfe0_0000_0000_0000, MINUS),
        (Unary::F64Nearest, 0x4004_0000_0000_0000, 0x4000_0000_0000_0000),
        (Unary::F64Nearest, 0x3fdf_ffff_ffff_ffff, 0),
        (Unary::F64Neg, 0x7ff0_0000_0000_0001, 0xfff0_0000_0000_0001),
        (Unary::F64Abs, 0xffff_ffff_ffff_ffff, 0x7fff_ffff_ffff_ffff),
        // The largest float, the tie above it, the smallest subnormal's half, and a little more.
        (Unary::F32DemoteF64, 0x47ef_ffff_e000_0000, 0x7f7f_ffff),
        (Unary::F32DemoteF64, 0x47ef_ffff_efff_ffff, 0x7f7f_ffff),
        (Unary::F32DemoteF64, 0x47ef_ffff_f000_0000, 0x7f80_0000),
        (Unary::F32DemoteF64, 0x3690_0000_0000_0000, 0),
        (Unary::F32DemoteF64, 0x3690_0000_0000_0001, 1),
        (Unary::F32DemoteF64, 0xb690_0000_0000_0001, 0x8000_0001),
        (Unary::F32DemoteF64, 0x3ff0_0000_1000_0000, 0x3f80_0000),
        (Unary::F32DemoteF64, 0x3ff0_0000_3000_0000, 0x3f80_0002),
        (Unary::F32DemoteF64, 0xfff0_0000_0000_0001, 0x7fc0_0000),
        (Unary::F64PromoteF32, 0xff80_0001, NAN),
        (Unary::F32ReinterpretI32, 0xff80_0001, 0xff80_0001),
    ];
    for (op, a, expected) in cases {
        assert_eq!(unary(*op, *a), Ok(*expected), "{op:?} {a:#x}");
    }
}

#[test]
fn upper_halves_do_not_matter() {
    const RUBBISH: u64 = 0xdead_beef_0000_0000;
    for op in Unary::ALL.iter().filter(|op| matches!(op.operands()[0], Type::I32 | Type::F32)) {
        for a in operands(op.operands()[0]) {
            assert_eq!(unary(*op, a | RUBBISH), unary(*op, a), "{op:?} {a:#x}");
        }
    }
    for op in Binary::ALL.iter().filter(|op| matches!(op.result(), Type::I32 | Type::F32)) {
        for (a, b) in operands(op.result()).into_iter().zip(operands(op.result()).into_iter().skip(3)) {
            assert_eq!(binary(*op, a | RUBBISH, b | RUBBISH), binary(*op, a, b), "{op:?} {a:#x} {b:#x}");
        }
    }
}

#[test]
fn nan_is_told_from_other_bits() {
    assert!(is_nan(Type::F32, 0xff80_0001) && !is_nan(Type::F32, 0xff80_0000));
    assert!(is_nan(Type::F64, 0x7ff0_0000_0000_0001) && !is_nan(Type::F64, 0x7fc0_0000));
    assert!(!is_nan(Type::I32, 0x7fc0_0000) && !is_nan(Type::I64, 0x7ff8_0000_0000_0000));
}

/// The bits that a name like `load16` says, or those of the type.
fn access_bits(name: &str, prefix: &str, ty: Type) -> u32 {
    name.trim_start_matches(prefix).parse().unwrap_or(width(ty))
}

#[test]
fn every_load_and_store() {
    const RAW: u64 = 0xf1e2_d3c4_b5a6_9788;
    for op in Load::ALL.iter().filter(|op| op.result() != Type::V128) {
        let (ty, name) = op.name().split_once('.').unwrap();
        let result = width(op.result());
        let bits = access_bits(name, "load", op.result());
        assert_eq!(load_bytes(*op) * 8, bits, "{op:?}");
        for raw in [RAW, !RAW, 0, u64::MAX] {
            let raw = mask(raw.into(), bits);
            let expected = mask(int(raw, bits, ty.starts_with('i')), result);
            assert_eq!(load_value(*op, raw.into()), expected.into(), "{op:?} {raw:#x}");
        }
    }
    for op in Store::ALL.iter().filter(|op| op.result() != Type::V128) {
        let name = op.name().split_once('.').unwrap().1;
        assert_eq!(store_bytes(*op) * 8, access_bits(name, "store", op.result()), "{op:?}");
    }
}
