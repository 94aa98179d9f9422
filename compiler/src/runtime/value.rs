//! Values as the host sees them.

use crate::microwasm::{Const, Type};
use crate::runtime::error::Error;
use crate::runtime::func::Func;
use crate::runtime::store::{AsContext, AsContextMut, StoreId, StoreOpaque};
use std::any::Any;

/// A Wasm value. Floats are bits, so that NaN payloads survive.
#[derive(Debug, Clone, Copy)]
pub enum Val {
    /// 32-bit integer.
    I32(i32),
    /// 64-bit integer.
    I64(i64),
    /// Bits of an `f32`.
    F32(u32),
    /// Bits of an `f64`.
    F64(u64),
    /// Bits of a vector, the first lane lowest.
    V128(u128),
    /// A function, or null.
    FuncRef(Option<Func>),
    /// A value of the host, or null.
    ExternRef(Option<ExternRef>),
}

impl Val {
    /// The value's type.
    pub fn ty(&self) -> Type {
        match self {
            Val::I32(_) => Type::I32,
            Val::I64(_) => Type::I64,
            Val::F32(_) => Type::F32,
            Val::F64(_) => Type::F64,
            Val::V128(_) => Type::V128,
            Val::FuncRef(_) => Type::FuncRef,
            Val::ExternRef(_) => Type::ExternRef,
        }
    }

    /// The value that variables of this type start with: zero or null.
    pub fn default_for(ty: Type) -> Val {
        match ty {
            Type::I32 => Val::I32(0),
            Type::I64 => Val::I64(0),
            Type::F32 => Val::F32(0),
            Type::F64 => Val::F64(0),
            Type::V128 => Val::V128(0),
            Type::FuncRef => Val::FuncRef(None),
            Type::ExternRef => Val::ExternRef(None),
        }
    }

    /// As an `i32`.
    pub fn i32(&self) -> Option<i32> {
        match self {
            Val::I32(value) => Some(*value),
            _ => None,
        }
    }

    /// As an `i64`.
    pub fn i64(&self) -> Option<i64> {
        match self {
            Val::I64(value) => Some(*value),
            _ => None,
        }
    }

    /// As an `f32`.
    pub fn f32(&self) -> Option<f32> {
        match self {
            Val::F32(bits) => Some(f32::from_bits(*bits)),
            _ => None,
        }
    }

    /// As an `f64`.
    pub fn f64(&self) -> Option<f64> {
        match self {
            Val::F64(bits) => Some(f64::from_bits(*bits)),
            _ => None,
        }
    }

    /// The bits that compiled code works with.
    pub(crate) fn to_bits(self, store: &StoreOpaque) -> Result<u128, Error> {
        Ok(match self {
            Val::I32(value) => u128::from(value as u32),
            Val::I64(value) => u128::from(value as u64),
            Val::F32(bits) => u128::from(bits),
            Val::F64(bits) => u128::from(bits),
            Val::V128(bits) => bits,
            Val::FuncRef(None) | Val::ExternRef(None) => 0,
            Val::FuncRef(Some(func)) => func.to_bits(store)?,
            Val::ExternRef(Some(reference)) => reference.to_bits(store)?,
        })
    }

    /// The bits, if the value is of this type.
    pub(crate) fn to_bits_of(self, ty: Type, store: &StoreOpaque) -> Result<u128, Error> {
        if self.ty() != ty {
            return Err(Error::ValueType { expected: ty, given: self.ty() });
        }
        self.to_bits(store)
    }

    /// The value that compiled code means by these bits.
    pub(crate) fn from_bits(ty: Type, bits: u128, store: StoreId) -> Val {
        match ty {
            Type::I32 => Val::I32(bits as i32),
            Type::I64 => Val::I64(bits as i64),
            Type::F32 => Val::F32(bits as u32),
            Type::F64 => Val::F64(bits as u64),
            Type::V128 => Val::V128(bits),
            Type::FuncRef => Val::FuncRef(Func::from_bits(bits, store)),
            Type::ExternRef => Val::ExternRef(ExternRef::from_bits(bits, store)),
        }
    }
}

impl From<Const> for Val {
    fn from(value: Const) -> Val {
        match value {
            Const::I32(value) => Val::I32(value),
            Const::I64(value) => Val::I64(value),
            Const::F32(bits) => Val::F32(bits),
            Const::F64(bits) => Val::F64(bits),
            Const::V128(bytes) => Val::V128(u128::from_le_bytes(bytes)),
            Const::Null(ty) => Val::default_for(ty),
        }
    }
}

impl From<i32> for Val {
    fn from(value: i32) -> Val {
        Val::I32(value)
    }
}

impl From<i64> for Val {
    fn from(value: i64) -> Val {
        Val::I64(value)
    }
}

impl From<f32> for Val {
    fn from(value: f32) -> Val {
        Val::F32(value.to_bits())
    }
}

impl From<f64> for Val {
    fn from(value: f64) -> Val {
        Val::F64(value.to_bits())
    }
}

impl From<Func> for Val {
    fn from(func: Func) -> Val {
        Val::FuncRef(Some(func))
    }
}

impl From<ExternRef> for Val {
    fn from(reference: ExternRef) -> Val {
        Val::ExternRef(Some(reference))
    }
}

/// A reference to a value of the host, owned by a store.
///
/// The store keeps the value for as long as it lives: references are never collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ExternRef {
    store: StoreId,
    index: usize,
}

impl ExternRef {
    /// Gives the value to the store.
    pub fn new(mut store: impl AsContextMut, value: impl Any + Send + Sync) -> ExternRef {
        let store = &mut store.as_context_mut().0.opaque;
        store.references.push(Box::new(value));
        ExternRef { store: store.id(), index: store.references.len() - 1 }
    }

    /// The value.
    ///
    /// # Panics
    ///
    /// If it belongs to another store.
    pub fn data<'a, T: 'static>(&self, store: &'a impl AsContext<Data = T>) -> &'a (dyn Any + Send + Sync) {
        let store = &store.as_context().0.opaque;
        store.check(self.store);
        &*store.references[self.index]
    }

    pub(crate) fn to_bits(self, store: &StoreOpaque) -> Result<u128, Error> {
        if self.store != store.id() {
            return Err(Error::WrongStore("an external reference"));
        }
        // Zero is null.
        Ok(self.index as u128 + 1)
    }

    pub(crate) fn from_bits(bits: u128, store: StoreId) -> Option<ExternRef> {
        let index = usize::try_from(bits).ok()?.checked_sub(1)?;
        Some(ExternRef { store, index })
    }
}
