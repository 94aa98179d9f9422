//! Functions as the host sees them: made, inspected and called.

use crate::link::frame::{ArgumentSlots, CallFrame, ResultSlots, Slot, clean};
use crate::link::trampoline;
use crate::microwasm::{FuncType, Type};
use crate::runtime::activation;
use crate::runtime::error::Error;
use crate::runtime::host::{Caller, HostContext, HostFunc};
use crate::runtime::instance::{Instance, InstanceData, func_type};
use crate::runtime::store::{AsContext, AsContextMut, StoreId, StoreInner, StoreOpaque};
use crate::runtime::typed::{IntoFunc, TypedFunc, WasmValues};
use crate::runtime::value::Val;
use crate::runtime::vmcontext::{VmFuncRef, VmValue};
use smallvec::SmallVec;
use std::sync::Arc;

/// A function.
#[derive(Debug, Clone, Copy)]
pub struct Func {
    store: StoreId,
    funcref: *const VmFuncRef,
}

// SAFETY: the pointer is followed only together with the store that owns what it points at.
unsafe impl Send for Func {}
// SAFETY: as above.
unsafe impl Sync for Func {}

impl Func {
    /// A host function of any type. It gets its arguments, and results to overwrite: zeros and
    /// nulls of the right types.
    ///
    /// # Errors
    ///
    /// [`Error::Resource`] if the type cannot be handled: vectors do not travel to host functions.
    pub fn new<T: 'static>(
        mut store: impl AsContextMut<Data = T>,
        ty: FuncType,
        call: impl Fn(Caller<'_, T>, &[Val], &mut [Val]) -> Result<(), Error> + Send + Sync + 'static,
    ) -> Result<Func, Error> {
        let store = &mut store.as_context_mut().0.opaque;
        let func = HostFunc::untyped(store.engine(), ty, call)?;
        Ok(func.into_func(store))
    }

    /// A host function from a Rust function: its parameters and results are Wasm's types, its
    /// first parameter may be a [`Caller`], and its result may be a `Result` with an error that
    /// becomes an [`Error`].
    ///
    /// # Errors
    ///
    /// As [`Func::new`].
    pub fn wrap<T: 'static, P, R>(
        mut store: impl AsContextMut<Data = T>,
        func: impl IntoFunc<T, P, R>,
    ) -> Result<Func, Error> {
        let store = &mut store.as_context_mut().0.opaque;
        let func = func.into_host_func(store.engine())?;
        Ok(func.into_func(store))
    }

    pub(crate) fn from_ptr(funcref: *const VmFuncRef, store: StoreId) -> Func {
        Func { store, funcref }
    }

    /// The function that a `funcref` with these bits means.
    pub(crate) fn from_bits(bits: u128, store: StoreId) -> Option<Func> {
        let funcref = bits as usize as *const VmFuncRef;
        (!funcref.is_null()).then_some(Func { store, funcref })
    }

    pub(crate) fn to_bits(self, store: &StoreOpaque) -> Result<u128, Error> {
        if self.store != store.id() {
            return Err(Error::WrongStore("a function"));
        }
        Ok(self.funcref as usize as u128)
    }

    pub(crate) fn funcref_in<'a>(&self, store: &'a StoreOpaque) -> &'a VmFuncRef {
        store.check(self.store);
        // SAFETY: the store owns what the pointer points at and never frees it.
        unsafe { &*self.funcref }
    }

    /// Its type, or `None` in another store.
    pub(crate) fn ty_in(&self, store: &StoreOpaque) -> Option<Arc<FuncType>> {
        (self.store == store.id()).then(|| func_type(store, self.funcref_in(store)))
    }

    /// The host function's context, if it is a host function.
    pub(crate) fn host_context_in<'a>(&self, store: &'a StoreOpaque) -> Option<&'a HostContext> {
        let funcref = self.funcref_in(store);
        let is_host = funcref.code == trampoline::exit as *const u8;
        // SAFETY: host functions, and only they, have this code, and their contexts live as long as the store.
        is_host.then(|| unsafe { &*funcref.vmctx.cast::<HostContext>() })
    }

    /// Its type.
    ///
    /// # Panics
    ///
    /// If it belongs to another store, as all functions here.
    pub fn ty(&self, store: impl AsContext) -> FuncType {
        let store = &store.as_context().0.opaque;
        (*func_type(store, self.funcref_in(store))).clone()
    }

    /// The instance that defines it and its index in that instance's module, imported functions
    /// counted. `None` for a host function.
    pub fn definition(&self, store: impl AsContext) -> Option<(Instance, u32)> {
        let store = &store.as_context().0.opaque;
        if self.host_context_in(store).is_some() {
            return None;
        }
        let funcref = self.funcref_in(store);
        // SAFETY: a function that is not the host's has an instance's context, which leads to the instance's record.
        let index = unsafe { (*(*funcref.vmctx).instance.cast::<InstanceData>()).index };
        Some((Instance::from_index(self.store, index), funcref.index))
    }

    /// Whether both are the same function, wherever the handles come from.
    pub fn same(a: &Func, b: &Func, store: impl AsContext) -> bool {
        let opaque = &store.as_context().0.opaque;
        match (a.host_context_in(opaque), b.host_context_in(opaque)) {
            (Some(a), Some(b)) => std::ptr::eq(a.func, b.func),
            (None, None) => a.definition(&store) == b.definition(&store),
            _ => false,
        }
    }

    /// Calls it.
    ///
    /// # Errors
    ///
    /// [`Error::Count`], [`Error::ValueType`] and [`Error::WrongStore`] if the arguments do not fit;
    /// then nothing ran. [`Error::Trap`], or the error of a host function. The store stays usable.
    ///
    /// # Panics
    ///
    /// With the panic of a host function; the store stays usable.
    pub fn call(&self, mut store: impl AsContextMut, params: &[Val], results: &mut [Val]) -> Result<(), Error> {
        self.call_in(store.as_context_mut().0, params, results)
    }

    pub(crate) fn call_in<T: 'static>(
        &self,
        store: &mut StoreInner<T>,
        params: &[Val],
        results: &mut [Val],
    ) -> Result<(), Error> {
        let ty = func_type(&store.opaque, self.funcref_in(&store.opaque));
        if ty.params.len() != params.len() {
            return Err(Error::Count { what: "arguments", expected: ty.params.len(), given: params.len() });
        }
        if ty.results.len() != results.len() {
            return Err(Error::Count { what: "results", expected: ty.results.len(), given: results.len() });
        }
        let mut arguments = Arguments::new();
        for (ty, value) in ty.params.iter().zip(params) {
            let bits = value.to_bits_of(*ty, &store.opaque)?;
            arguments.push(*ty, bits);
        }
        // SAFETY: the function is of this store, and the arguments are of its type.
        unsafe { arguments.call(store, self.funcref) }?;
        let mut reader = Results::new(&arguments.frame);
        for (ty, result) in ty.results.iter().zip(results) {
            *result = Val::from_bits(*ty, reader.next(*ty, &store.opaque), self.store);
        }
        Ok(())
    }

    /// The function, to be called with Rust's types.
    ///
    /// # Errors
    ///
    /// [`Error::FuncType`] if its type is another.
    pub fn typed<P: WasmValues, R: WasmValues>(&self, store: impl AsContext) -> Result<TypedFunc<P, R>, Error> {
        let actual = self.ty(store);
        let wanted = FuncType { params: P::types().into(), results: R::types().into() };
        if actual != wanted {
            return Err(Error::FuncType { wanted, actual });
        }
        Ok(TypedFunc::new(*self))
    }

    pub(crate) fn ptr(&self) -> *const VmFuncRef {
        self.funcref
    }

    pub(crate) fn store_id(&self) -> StoreId {
        self.store
    }
}

/// The arguments of a call from the host.
pub(crate) struct Arguments {
    frame: CallFrame,
    slots: ArgumentSlots,
    stack: SmallVec<[u64; 8]>,
}

impl Arguments {
    pub fn new() -> Arguments {
        Arguments { frame: CallFrame::new(), slots: ArgumentSlots::default(), stack: SmallVec::new() }
    }

    /// The next argument.
    #[inline]
    pub fn push(&mut self, ty: Type, bits: u128) {
        match self.slots.next(ty) {
            Slot::Int(n) => self.frame.ints[n] = bits as u64,
            Slot::Float(n) => self.frame.floats[n] = VmValue(bits),
            Slot::Memory(_) => {
                self.stack.push(bits as u64);
                if ty == Type::V128 {
                    self.stack.push((bits >> 64) as u64);
                }
            }
        }
    }

    /// Calls with these arguments.
    ///
    /// # Safety
    ///
    /// The function must be of this store, and of the type that the arguments have.
    pub unsafe fn call<T: 'static>(&mut self, store: &mut StoreInner<T>, func: *const VmFuncRef) -> Result<(), Error> {
        if !self.stack.len().is_multiple_of(2) {
            self.stack.push(0);
        }
        self.frame.stack = self.stack.as_ptr();
        self.frame.stack_bytes = self.stack.len() * size_of::<u64>();
        // SAFETY: the caller's promise.
        unsafe { activation::call(store, func, &mut self.frame) }
    }

    /// The results of the call.
    pub fn results(&self) -> Results<'_> {
        Results::new(&self.frame)
    }
}

/// Reads the results of a call, first to last.
pub(crate) struct Results<'a> {
    frame: &'a CallFrame,
    slots: ResultSlots,
}

impl<'a> Results<'a> {
    fn new(frame: &'a CallFrame) -> Results<'a> {
        Results { frame, slots: ResultSlots::default() }
    }

    /// The bits of the next result.
    #[inline]
    pub fn next(&mut self, ty: Type, store: &StoreOpaque) -> u128 {
        let bits = match self.slots.next(ty) {
            Slot::Int(n) => u128::from(self.frame.result_ints[n]),
            Slot::Float(n) => self.frame.result_floats[n].0,
            Slot::Memory(n) => store.result(n),
        };
        clean(ty, bits)
    }
}
