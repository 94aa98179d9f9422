//! When a result is the expected one, and a trap the expected trap.

use crate::outcome::TrapKind;
use crate::value::{FuncIdentity, Value};
use wast::WastRet;
use wast::core::{AbstractHeapType, HeapType, NanPattern, V128Pattern, WastRetCore};
use wast::token::{F32, F64};

/// Whether results match what a script expects.
pub fn results(expected: &[WastRet<'_>], values: &[Value]) -> bool {
    expected.len() == values.len()
        && expected.iter().zip(values).all(|(expected, value)| match expected {
            WastRet::Core(expected) => result(expected, *value),
            _ => false,
        })
}

fn result(expected: &WastRetCore<'_>, value: Value) -> bool {
    match (expected, value) {
        (WastRetCore::I32(expected), Value::I32(value)) => *expected as u32 == value,
        (WastRetCore::I64(expected), Value::I64(value)) => *expected as u64 == value,
        (WastRetCore::F32(expected), Value::F32(bits)) => f32_matches(expected, bits),
        (WastRetCore::F64(expected), Value::F64(bits)) => f64_matches(expected, bits),
        (WastRetCore::V128(expected), Value::V128(bits)) => v128_matches(expected, bits),
        (WastRetCore::RefNull(ty), Value::FuncRef(FuncIdentity::Null)) => ty.as_ref().is_none_or(is_func),
        (WastRetCore::RefNull(ty), Value::ExternRef(None)) => ty.as_ref().is_none_or(|ty| !is_func(ty)),
        (WastRetCore::RefExtern(expected), Value::ExternRef(Some(token))) => {
            expected.is_none_or(|expected| expected == token)
        }
        (WastRetCore::RefFunc(_), Value::FuncRef(identity)) => identity != FuncIdentity::Null,
        (WastRetCore::Either(cases), value) => cases.iter().any(|case| result(case, value)),
        _ => false,
    }
}

fn is_func(ty: &HeapType<'_>) -> bool {
    matches!(ty, HeapType::Abstract { ty: AbstractHeapType::Func | AbstractHeapType::NoFunc, .. })
}

fn f32_matches(expected: &NanPattern<F32>, bits: u32) -> bool {
    match expected {
        NanPattern::CanonicalNan => bits & 0x7fff_ffff == 0x7fc0_0000,
        NanPattern::ArithmeticNan => bits & 0x7fc0_0000 == 0x7fc0_0000,
        NanPattern::Value(value) => value.bits == bits,
    }
}

fn f64_matches(expected: &NanPattern<F64>, bits: u64) -> bool {
    match expected {
        NanPattern::CanonicalNan => bits & 0x7fff_ffff_ffff_ffff == 0x7ff8_0000_0000_0000,
        NanPattern::ArithmeticNan => bits & 0x7ff8_0000_0000_0000 == 0x7ff8_0000_0000_0000,
        NanPattern::Value(value) => value.bits == bits,
    }
}

fn v128_matches(expected: &V128Pattern, bits: u128) -> bool {
    let bytes = bits.to_le_bytes();
    let lane32 = |lane: usize| (bits >> (32 * lane)) as u32;
    let lane64 = |lane: usize| (bits >> (64 * lane)) as u64;
    match expected {
        V128Pattern::I8x16(lanes) => lanes.iter().zip(bytes).all(|(lane, byte)| *lane as u8 == byte),
        V128Pattern::I16x8(lanes) => {
            lanes.iter().enumerate().all(|(at, lane)| *lane as u16 == (bits >> (16 * at)) as u16)
        }
        V128Pattern::I32x4(lanes) => lanes.iter().enumerate().all(|(at, lane)| *lane as u32 == lane32(at)),
        V128Pattern::I64x2(lanes) => lanes.iter().enumerate().all(|(at, lane)| *lane as u64 == lane64(at)),
        V128Pattern::F32x4(lanes) => lanes.iter().enumerate().all(|(at, lane)| f32_matches(lane, lane32(at))),
        V128Pattern::F64x2(lanes) => lanes.iter().enumerate().all(|(at, lane)| f64_matches(lane, lane64(at))),
    }
}

/// Whether a trap of this kind is the one that a script's message means. The specification has
/// renamed some over time, and appends details to some.
pub fn trap(message: &str, kind: TrapKind) -> bool {
    let words: &[&str] = match kind {
        TrapKind::Unreachable => &["unreachable"],
        TrapKind::MemoryOutOfBounds => &["out of bounds memory access"],
        TrapKind::TableOutOfBounds => &["out of bounds table access", "undefined element", "undefined"],
        TrapKind::IndirectCallToNull => &["uninitialized element", "uninitialized"],
        TrapKind::BadSignature => &["indirect call type mismatch", "indirect call"],
        TrapKind::IntegerDivisionByZero => &["integer divide by zero"],
        TrapKind::IntegerOverflow => &["integer overflow"],
        TrapKind::BadConversionToInteger => &["invalid conversion to integer"],
        TrapKind::Host(_) => &[],
    };
    words.iter().any(|words| message.starts_with(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_patterns() {
        assert!(f32_matches(&NanPattern::CanonicalNan, 0xffc0_0000));
        assert!(!f32_matches(&NanPattern::CanonicalNan, 0x7fc0_0001));
        assert!(f32_matches(&NanPattern::ArithmeticNan, 0x7fe0_0001));
        assert!(!f32_matches(&NanPattern::ArithmeticNan, 0x7fa0_0001));
        assert!(f64_matches(&NanPattern::ArithmeticNan, 0xfff8_0000_0000_0001));
        assert!(!f64_matches(&NanPattern::CanonicalNan, 0x7ff0_0000_0000_0000));
    }

    #[test]
    fn trap_messages_mean_one_kind() {
        assert!(trap("uninitialized element 2", TrapKind::IndirectCallToNull));
        assert!(!trap("undefined element", TrapKind::IndirectCallToNull));
        assert!(!trap("integer overflow", TrapKind::IntegerDivisionByZero));
    }
}
