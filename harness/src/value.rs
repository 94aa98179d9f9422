//! Wasm values as exact bits, the same for every engine.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ValueType {
    /// 32-bit integer.
    I32,
    /// 64-bit integer.
    I64,
    /// Single-precision float.
    F32,
    /// Double-precision float.
    F64,
    /// 128-bit vector.
    V128,
    /// Nullable reference to a function.
    FuncRef,
    /// Nullable reference to a value of the host.
    ExternRef,
}

impl ValueType {
    /// The type's name in Wasm's text.
    pub const fn name(self) -> &'static str {
        match self {
            ValueType::I32 => "i32",
            ValueType::I64 => "i64",
            ValueType::F32 => "f32",
            ValueType::F64 => "f64",
            ValueType::V128 => "v128",
            ValueType::FuncRef => "funcref",
            ValueType::ExternRef => "externref",
        }
    }

    /// The type that the parser found, or `None` for types beyond Wasm 2.0.
    pub fn from_parser(ty: wasmparser::ValType) -> Option<ValueType> {
        Some(match ty {
            wasmparser::ValType::I32 => ValueType::I32,
            wasmparser::ValType::I64 => ValueType::I64,
            wasmparser::ValType::F32 => ValueType::F32,
            wasmparser::ValType::F64 => ValueType::F64,
            wasmparser::ValType::V128 => ValueType::V128,
            wasmparser::ValType::Ref(ty) => return ValueType::from_parser_ref(ty),
        })
    }

    /// The reference type that the parser found, or `None` for types beyond Wasm 2.0.
    pub fn from_parser_ref(ty: wasmparser::RefType) -> Option<ValueType> {
        if ty == wasmparser::RefType::FUNCREF {
            Some(ValueType::FuncRef)
        } else if ty == wasmparser::RefType::EXTERNREF {
            Some(ValueType::ExternRef)
        } else {
            None
        }
    }

    /// The same type for the encoder.
    pub fn to_encoder(self) -> wasm_encoder::ValType {
        match self {
            ValueType::I32 => wasm_encoder::ValType::I32,
            ValueType::I64 => wasm_encoder::ValType::I64,
            ValueType::F32 => wasm_encoder::ValType::F32,
            ValueType::F64 => wasm_encoder::ValType::F64,
            ValueType::V128 => wasm_encoder::ValType::V128,
            ValueType::FuncRef => wasm_encoder::ValType::FUNCREF,
            ValueType::ExternRef => wasm_encoder::ValType::EXTERNREF,
        }
    }

    /// Zero, or null.
    pub const fn zero(self) -> Value {
        match self {
            ValueType::I32 => Value::I32(0),
            ValueType::I64 => Value::I64(0),
            ValueType::F32 => Value::F32(0),
            ValueType::F64 => Value::F64(0),
            ValueType::V128 => Value::V128(0),
            ValueType::FuncRef => Value::FuncRef(FuncIdentity::Null),
            ValueType::ExternRef => Value::ExternRef(None),
        }
    }
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Which function a function reference refers to: engines' addresses never compare, indices do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FuncIdentity {
    /// The null reference.
    Null,
    /// A function of the instance under test, by its index.
    Index(u32),
    /// A function that is not of the instance under test.
    Foreign,
}

/// A value. Floats are bits, so that equality is exact and NaN payloads survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Value {
    /// 32-bit integer.
    I32(u32),
    /// 64-bit integer.
    I64(u64),
    /// Bits of a single-precision float.
    F32(u32),
    /// Bits of a double-precision float.
    F64(u64),
    /// Bits of a vector.
    V128(u128),
    /// A function reference.
    FuncRef(FuncIdentity),
    /// An external reference: the host's token, or null.
    ExternRef(Option<u32>),
}

impl Value {
    /// The value's type.
    pub const fn ty(self) -> ValueType {
        match self {
            Value::I32(_) => ValueType::I32,
            Value::I64(_) => ValueType::I64,
            Value::F32(_) => ValueType::F32,
            Value::F64(_) => ValueType::F64,
            Value::V128(_) => ValueType::V128,
            Value::FuncRef(_) => ValueType::FuncRef,
            Value::ExternRef(_) => ValueType::ExternRef,
        }
    }

    /// Bits for the trace of host calls. A function reference counts only as null or not: the host
    /// may be called before the instance's functions have identities.
    pub const fn trace_bits(self) -> u128 {
        match self {
            Value::I32(v) | Value::F32(v) => v as u128,
            Value::I64(v) | Value::F64(v) => v as u128,
            Value::V128(v) => v,
            Value::FuncRef(FuncIdentity::Null) | Value::ExternRef(None) => u128::MAX,
            Value::FuncRef(_) => 1,
            Value::ExternRef(Some(token)) => token as u128,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Value::I32(v) => write!(f, "i32:{} ({v:#x})", v as i32),
            Value::I64(v) => write!(f, "i64:{} ({v:#x})", v as i64),
            Value::F32(bits) => write!(f, "f32:{} ({bits:#x})", f32::from_bits(bits)),
            Value::F64(bits) => write!(f, "f64:{} ({bits:#x})", f64::from_bits(bits)),
            Value::V128(bits) => write!(f, "v128:{bits:#034x}"),
            Value::FuncRef(FuncIdentity::Null) => f.write_str("funcref:null"),
            Value::FuncRef(FuncIdentity::Index(index)) => write!(f, "funcref:function {index}"),
            Value::FuncRef(FuncIdentity::Foreign) => f.write_str("funcref:foreign"),
            Value::ExternRef(None) => f.write_str("externref:null"),
            Value::ExternRef(Some(token)) => write!(f, "externref:{token}"),
        }
    }
}

/// Values separated by commas, in brackets.
pub fn display_values(values: &[Value]) -> String {
    let words: Vec<String> = values.iter().map(Value::to_string).collect();
    format!("[{}]", words.join(", "))
}
