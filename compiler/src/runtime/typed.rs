//! Rust's types for Wasm's: typed calls, and host functions from closures.

use crate::microwasm::{FuncType, Type};
use crate::runtime::engine::Engine;
use crate::runtime::error::Error;
use crate::runtime::func::{Arguments, Func};
use crate::runtime::host::{Caller, HostFunc};
use crate::runtime::store::{AsContextMut, StoreId, StoreOpaque};
use crate::runtime::value::ExternRef;
use std::marker::PhantomData;
use std::sync::Arc;

/// A Rust type that is a Wasm type: `i32`, `u32`, `i64`, `u64`, `f32`, `f64`, `Option<Func>` and
/// `Option<ExternRef>`.
pub trait WasmTy: Send + 'static {
    /// The Wasm type.
    const TYPE: Type;
    #[doc(hidden)]
    fn into_bits(self, store: &StoreOpaque) -> Result<u128, Error>;
    #[doc(hidden)]
    fn from_bits(bits: u128, store: StoreId) -> Self;
}

impl WasmTy for i32 {
    const TYPE: Type = Type::I32;
    fn into_bits(self, _: &StoreOpaque) -> Result<u128, Error> {
        Ok(u128::from(self as u32))
    }
    fn from_bits(bits: u128, _: StoreId) -> i32 {
        bits as i32
    }
}

impl WasmTy for u32 {
    const TYPE: Type = Type::I32;
    fn into_bits(self, _: &StoreOpaque) -> Result<u128, Error> {
        Ok(u128::from(self))
    }
    fn from_bits(bits: u128, _: StoreId) -> u32 {
        bits as u32
    }
}

impl WasmTy for i64 {
    const TYPE: Type = Type::I64;
    fn into_bits(self, _: &StoreOpaque) -> Result<u128, Error> {
        Ok(u128::from(self as u64))
    }
    fn from_bits(bits: u128, _: StoreId) -> i64 {
        bits as i64
    }
}

impl WasmTy for u64 {
    const TYPE: Type = Type::I64;
    fn into_bits(self, _: &StoreOpaque) -> Result<u128, Error> {
        Ok(u128::from(self))
    }
    fn from_bits(bits: u128, _: StoreId) -> u64 {
        bits as u64
    }
}

impl WasmTy for f32 {
    const TYPE: Type = Type::F32;
    fn into_bits(self, _: &StoreOpaque) -> Result<u128, Error> {
        Ok(u128::from(self.to_bits()))
    }
    fn from_bits(bits: u128, _: StoreId) -> f32 {
        f32::from_bits(bits as u32)
    }
}

impl WasmTy for f64 {
    const TYPE: Type = Type::F64;
    fn into_bits(self, _: &StoreOpaque) -> Result<u128, Error> {
        Ok(u128::from(self.to_bits()))
    }
    fn from_bits(bits: u128, _: StoreId) -> f64 {
        f64::from_bits(bits as u64)
    }
}

impl WasmTy for Option<Func> {
    const TYPE: Type = Type::FuncRef;
    fn into_bits(self, store: &StoreOpaque) -> Result<u128, Error> {
        self.map_or(Ok(0), |func| func.to_bits(store))
    }
    fn from_bits(bits: u128, store: StoreId) -> Option<Func> {
        Func::from_bits(bits, store)
    }
}

impl WasmTy for Option<ExternRef> {
    const TYPE: Type = Type::ExternRef;
    fn into_bits(self, store: &StoreOpaque) -> Result<u128, Error> {
        self.map_or(Ok(0), |reference| reference.to_bits(store))
    }
    fn from_bits(bits: u128, store: StoreId) -> Option<ExternRef> {
        ExternRef::from_bits(bits, store)
    }
}

/// A list of parameters or results: one [`WasmTy`], or a tuple of up to sixteen.
pub trait WasmValues: Sized + Send {
    /// The Wasm types, first to last.
    fn types() -> Vec<Type>;
    #[doc(hidden)]
    fn into_bits(self, store: &StoreOpaque, put: impl FnMut(Type, u128)) -> Result<(), Error>;
    #[doc(hidden)]
    fn from_bits(store: StoreId, take: impl FnMut(Type) -> u128) -> Self;
}

impl<A: WasmTy> WasmValues for A {
    fn types() -> Vec<Type> {
        vec![A::TYPE]
    }
    fn into_bits(self, store: &StoreOpaque, mut put: impl FnMut(Type, u128)) -> Result<(), Error> {
        put(A::TYPE, WasmTy::into_bits(self, store)?);
        Ok(())
    }
    fn from_bits(store: StoreId, mut take: impl FnMut(Type) -> u128) -> A {
        <A as WasmTy>::from_bits(take(A::TYPE), store)
    }
}

/// What a host function returns: [`WasmValues`], or a `Result` of them.
pub trait HostResult {
    /// The results.
    type Values: WasmValues;
    #[doc(hidden)]
    fn into_result(self) -> Result<Self::Values, Error>;
}

impl<V: WasmValues> HostResult for V {
    type Values = V;
    fn into_result(self) -> Result<V, Error> {
        Ok(self)
    }
}

impl<V: WasmValues, E: Into<Error>> HostResult for Result<V, E> {
    type Values = V;
    fn into_result(self) -> Result<V, Error> {
        self.map_err(E::into)
    }
}

/// A Rust function that can be a host function of stores with data `T`.
///
/// `P` is the list of its parameters, `R` its result; they follow from the function.
pub trait IntoFunc<T, P, R>: Send + Sync + 'static {
    #[doc(hidden)]
    fn into_host_func(self, engine: &Engine) -> Result<Arc<HostFunc>, Error>;
}

fn host_func_type<P: WasmValues, R: HostResult>() -> FuncType {
    FuncType { params: P::types().into(), results: <R::Values>::types().into() }
}

// One row a tuple length: Rust has no other way to be generic over them.
macro_rules! tuples {
    ($($name:ident)*) => {
        impl<$($name: WasmTy,)*> WasmValues for ($($name,)*) {
            fn types() -> Vec<Type> {
                vec![$($name::TYPE),*]
            }
            #[allow(non_snake_case, unused_variables, unused_mut, reason = "variables named after their types")]
            fn into_bits(self, store: &StoreOpaque, mut put: impl FnMut(Type, u128)) -> Result<(), Error> {
                let ($($name,)*) = self;
                $(put($name::TYPE, WasmTy::into_bits($name, store)?);)*
                Ok(())
            }
            #[allow(unused_variables, unused_mut, clippy::unused_unit, reason = "the empty list takes nothing")]
            fn from_bits(store: StoreId, mut take: impl FnMut(Type) -> u128) -> Self {
                ($(<$name as WasmTy>::from_bits(take($name::TYPE), store),)*)
            }
        }

        impl<T: 'static, F, $($name: WasmTy,)* R: HostResult> IntoFunc<T, ($($name,)*), R> for F
        where
            F: Fn($($name),*) -> R + Send + Sync + 'static,
        {
            #[allow(non_snake_case, reason = "variables named after their types")]
            fn into_host_func(self, engine: &Engine) -> Result<Arc<HostFunc>, Error> {
                let func = move |_: Caller<'_, T>, $($name: $name),*| self($($name),*);
                IntoFunc::<T, (Caller<'_, T>, $($name,)*), R>::into_host_func(func, engine)
            }
        }

        impl<T: 'static, F, $($name: WasmTy,)* R: HostResult> IntoFunc<T, (Caller<'_, T>, $($name,)*), R> for F
        where
            F: Fn(Caller<'_, T>, $($name),*) -> R + Send + Sync + 'static,
        {
            #[allow(non_snake_case, reason = "variables named after their types")]
            fn into_host_func(self, engine: &Engine) -> Result<Arc<HostFunc>, Error> {
                let ty = host_func_type::<($($name,)*), R>();
                HostFunc::new(engine, &ty, move |mut caller: Caller<'_, T>, frame| {
                    let id = caller.as_context_mut().0.opaque.id();
                    let ($($name,)*) = <($($name,)*) as WasmValues>::from_bits(id, |ty| frame.argument(ty));
                    let results = self(caller.reborrow(), $($name),*).into_result()?;
                    results.into_bits(&caller.as_context_mut().0.opaque, |ty, bits| frame.result(ty, bits))
                })
            }
        }
    };
}

tuples!();
tuples!(A1);
tuples!(A1 A2);
tuples!(A1 A2 A3);
tuples!(A1 A2 A3 A4);
tuples!(A1 A2 A3 A4 A5);
tuples!(A1 A2 A3 A4 A5 A6);
tuples!(A1 A2 A3 A4 A5 A6 A7);
tuples!(A1 A2 A3 A4 A5 A6 A7 A8);
tuples!(A1 A2 A3 A4 A5 A6 A7 A8 A9);
tuples!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10);
tuples!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11);
tuples!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12);
tuples!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13);
tuples!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14);
tuples!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14 A15);
tuples!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14 A15 A16);

/// A function whose type was checked once, to be called with Rust's types.
#[derive(Debug)]
pub struct TypedFunc<P, R> {
    func: Func,
    types: PhantomData<fn(P) -> R>,
}

impl<P, R> Clone for TypedFunc<P, R> {
    fn clone(&self) -> TypedFunc<P, R> {
        *self
    }
}

impl<P, R> Copy for TypedFunc<P, R> {}

impl<P: WasmValues, R: WasmValues> TypedFunc<P, R> {
    /// The caller has checked that the function is of this type.
    pub(crate) fn new(func: Func) -> TypedFunc<P, R> {
        TypedFunc { func, types: PhantomData }
    }

    /// The function.
    pub fn func(&self) -> &Func {
        &self.func
    }

    /// Calls it.
    ///
    /// # Errors
    ///
    /// [`Error::WrongStore`] if an argument is a reference of another store; [`Error::Trap`], or
    /// the error of a host function. The store stays usable.
    ///
    /// # Panics
    ///
    /// If the function belongs to another store; with the panic of a host function.
    pub fn call(&self, mut store: impl AsContextMut, params: P) -> Result<R, Error> {
        let store = store.as_context_mut().0;
        store.opaque.check(self.func.store_id());
        let mut arguments = Arguments::new();
        params.into_bits(&store.opaque, |ty, bits| arguments.push(ty, bits))?;
        // SAFETY: the function is of this store, and its type was checked when this value was made.
        unsafe { arguments.call(store, self.func.ptr()) }?;
        let mut results = arguments.results();
        Ok(R::from_bits(self.func.store_id(), |ty| results.next(ty, &store.opaque)))
    }
}
