//! Value types, constants and function types.

use std::fmt;

/// The type of a value on the stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Type {
    /// 32-bit integer, no sign.
    I32,
    /// 64-bit integer, no sign.
    I64,
    /// IEEE 754 single precision.
    F32,
    /// IEEE 754 double precision.
    F64,
    /// 128-bit vector.
    V128,
    /// Nullable reference to a function.
    FuncRef,
    /// Nullable reference to a value of the host.
    ExternRef,
}

impl Type {
    /// Whether values of this type live in vector registers.
    pub const fn is_float(self) -> bool {
        matches!(self, Type::F32 | Type::F64 | Type::V128)
    }

    /// Whether this is a reference type.
    pub const fn is_ref(self) -> bool {
        matches!(self, Type::FuncRef | Type::ExternRef)
    }

    /// The type's name in Microwasm's and Wasm's text.
    pub const fn name(self) -> &'static str {
        match self {
            Type::I32 => "i32",
            Type::I64 => "i64",
            Type::F32 => "f32",
            Type::F64 => "f64",
            Type::V128 => "v128",
            Type::FuncRef => "funcref",
            Type::ExternRef => "externref",
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A constant. Floats are kept as bits, so that NaN payloads survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Const {
    /// 32-bit integer.
    I32(i32),
    /// 64-bit integer.
    I64(i64),
    /// Bits of an `f32`.
    F32(u32),
    /// Bits of an `f64`.
    F64(u64),
    /// Bytes of a vector, the lowest lane's first. Not a `u128`: its alignment would make operators larger.
    V128([u8; 16]),
    /// The null reference of a reference type.
    Null(Type),
}

impl Const {
    /// The constant's type.
    pub const fn ty(self) -> Type {
        match self {
            Const::I32(_) => Type::I32,
            Const::I64(_) => Type::I64,
            Const::F32(_) => Type::F32,
            Const::F64(_) => Type::F64,
            Const::V128(_) => Type::V128,
            Const::Null(ty) => ty,
        }
    }

    /// The constant of this type with these bits, as [`Const::bits`] gives them; `None` where there
    /// is none: a vector, or a reference that is not null.
    pub const fn from_bits(ty: Type, bits: u64) -> Option<Const> {
        Some(match ty {
            Type::I32 => Const::I32(bits as i32),
            Type::I64 => Const::I64(bits as i64),
            Type::F32 => Const::F32(bits as u32),
            Type::F64 => Const::F64(bits),
            Type::FuncRef | Type::ExternRef if bits == 0 => Const::Null(ty),
            Type::V128 | Type::FuncRef | Type::ExternRef => return None,
        })
    }

    /// The bits as a general register holds them: zero-extended to 64 bits. Of a vector the low half.
    pub const fn bits(self) -> u64 {
        match self {
            Const::I32(v) => v as u32 as u64,
            Const::I64(v) => v as u64,
            Const::F32(bits) => bits as u64,
            Const::F64(bits) => bits,
            Const::V128(bytes) => u128::from_le_bytes(bytes) as u64,
            Const::Null(_) => 0,
        }
    }

    /// All bits, also of a vector: zero-extended to 128 bits.
    pub const fn wide_bits(self) -> u128 {
        match self {
            Const::V128(bytes) => u128::from_le_bytes(bytes),
            _ => self.bits() as u128,
        }
    }
}

/// A function's parameters and results.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct FuncType {
    /// Parameter types, first to last.
    pub params: Box<[Type]>,
    /// Result types, first to last.
    pub results: Box<[Type]>,
}
