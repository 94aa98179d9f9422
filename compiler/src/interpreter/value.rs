//! Values that go in and out.

use super::store::FuncAddr;
use crate::microwasm::Type;

/// A value with its type. Floats are bits, so that NaN payloads survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// A 32-bit integer.
    I32(u32),
    /// A 64-bit integer.
    I64(u64),
    /// Bits of an `f32`.
    F32(u32),
    /// Bits of an `f64`.
    F64(u64),
    /// Bits of a vector, the lowest lane's lowest.
    V128(u128),
    /// A function, or null. Two references are the same when the addresses are.
    FuncRef(Option<FuncAddr>),
    /// A value of the host by a number of the host's choice, or null.
    ExternRef(Option<u32>),
}

impl Value {
    /// The value's type.
    pub const fn ty(self) -> Type {
        match self {
            Value::I32(_) => Type::I32,
            Value::I64(_) => Type::I64,
            Value::F32(_) => Type::F32,
            Value::F64(_) => Type::F64,
            Value::V128(_) => Type::V128,
            Value::FuncRef(_) => Type::FuncRef,
            Value::ExternRef(_) => Type::ExternRef,
        }
    }

    /// The bits on the stack. Null is zero, any other reference its number plus one.
    pub(super) const fn bits(self) -> u128 {
        match self {
            Value::I32(bits) | Value::F32(bits) => bits as u128,
            Value::I64(bits) | Value::F64(bits) => bits as u128,
            Value::V128(bits) => bits,
            Value::FuncRef(None) | Value::ExternRef(None) => 0,
            Value::FuncRef(Some(FuncAddr(number))) => number as u128 + 1,
            Value::ExternRef(Some(number)) => number as u128 + 1,
        }
    }

    /// The value that these bits are.
    pub(super) fn from_bits(ty: Type, bits: u128) -> Value {
        match ty {
            Type::I32 => Value::I32(bits as u32),
            Type::I64 => Value::I64(bits as u64),
            Type::F32 => Value::F32(bits as u32),
            Type::F64 => Value::F64(bits as u64),
            Type::V128 => Value::V128(bits),
            Type::FuncRef => Value::FuncRef(func_of(bits as u64)),
            Type::ExternRef => Value::ExternRef((bits as u64).checked_sub(1).map(|number| number as u32)),
        }
    }
}

/// The function that a reference's bits mean, or `None` for null.
pub(super) fn func_of(bits: u64) -> Option<FuncAddr> {
    bits.checked_sub(1).map(|number| FuncAddr(number as u32))
}
