//! Host functions: what compiled code reaches when it leaves.

use crate::link::frame::{ArgumentSlots, CallFrame, ResultSlots, Slot, clean};
use crate::link::trampoline;
use crate::microwasm::{FuncType, Type};
use crate::runtime::activation::{self, Unwind, backtrace_at_exit};
use crate::runtime::backtrace::Backtrace;
use crate::runtime::engine::Engine;
use crate::runtime::error::Error;
use crate::runtime::externs::Extern;
use crate::runtime::func::Func;
use crate::runtime::instance::{Instance, InstanceData};
use crate::runtime::stable::Stable;
use crate::runtime::store::{
    AsContext, AsContextMut, HostRecord, StoreContext, StoreContextMut, StoreHeader, StoreInner, StoreOpaque,
};
use crate::runtime::value::Val;
use crate::runtime::vmcontext::{VmContext, VmFuncRef, VmStore, VmValue};
use crate::seeded::{Bug, seeded};
use crate::x64::abi;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::Arc;

/// The closure of a host function: the store that runs it, the instance that calls it, and its arguments and results.
type Closure = dyn Fn(*mut u8, Option<usize>, &mut HostFrame) -> Result<(), Error> + Send + Sync;

/// A host function that is not yet in a store. Which `Store<T>` it may be in is known to who holds it.
pub struct HostFunc {
    closure: Box<Closure>,
    signature: u32,
    stack_bytes: usize,
}

impl fmt::Debug for HostFunc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostFunc").field("signature", &self.signature).finish_non_exhaustive()
    }
}

/// What `r14` is when a host function's code runs. It begins as an instance's context does.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub(crate) struct HostContext {
    /// The store.
    pub store: *mut VmStore,
    /// Callers load this for the callee. A host function has no memory: it is the importing instance's, so that nothing
    /// changes, or null.
    pub memory0_base: *mut u8,
    /// Bytes of stack arguments, which the exit trampoline pops.
    pub stack_bytes: usize,
    /// The function.
    pub func: *const HostFunc,
    /// The instance that imported it: the caller where no compiled code is.
    pub importer: Option<usize>,
}

const _: () = {
    assert!(std::mem::offset_of!(HostContext, store) == std::mem::offset_of!(VmContext, store));
    assert!(std::mem::offset_of!(HostContext, memory0_base) == std::mem::offset_of!(VmContext, memory0_base));
};

impl HostFunc {
    pub(crate) fn new<T: 'static>(
        engine: &Engine,
        ty: &FuncType,
        call: impl Fn(Caller<'_, T>, &mut HostFrame) -> Result<(), Error> + Send + Sync + 'static,
    ) -> Result<Arc<HostFunc>, Error> {
        if ty.params.len() > MAX_VALUES || ty.results.len() > MAX_VALUES {
            let reason = format!("it has more than {MAX_VALUES} parameters or results");
            return Err(Error::Resource { what: "a host function", reason });
        }
        let closure = Box::new(move |owner: *mut u8, instance: Option<usize>, frame: &mut HostFrame| {
            // SAFETY: a host function for `T` gets only into stores of `T`; `owner` comes from the mutable borrow of
            // that store that the running call holds and does not use meanwhile.
            let store = unsafe { &mut *owner.cast::<StoreInner<T>>() };
            call(Caller { store: StoreContextMut(store), instance }, frame)
        });
        Ok(Arc::new(HostFunc {
            closure,
            signature: engine.signature(ty)?,
            stack_bytes: abi::stack_argument_bytes(ty) as usize,
        }))
    }

    pub(crate) fn untyped<T: 'static>(
        engine: &Engine,
        ty: FuncType,
        call: impl Fn(Caller<'_, T>, &[Val], &mut [Val]) -> Result<(), Error> + Send + Sync + 'static,
    ) -> Result<Arc<HostFunc>, Error> {
        let signature = ty.clone();
        HostFunc::new(engine, &signature, move |mut caller: Caller<'_, T>, frame| {
            let id = caller.store.0.opaque.id();
            let params: Vec<Val> = ty.params.iter().map(|ty| Val::from_bits(*ty, frame.argument(*ty), id)).collect();
            let mut results: Vec<Val> = ty.results.iter().map(|ty| Val::default_for(*ty)).collect();
            call(caller.reborrow(), &params, &mut results)?;
            for (ty, value) in ty.results.iter().zip(results) {
                let bits = value.to_bits_of(*ty, &caller.store.0.opaque)?;
                frame.result(*ty, bits);
            }
            Ok(())
        })
    }

    /// Puts the function into a store of the type that it was made for.
    pub(crate) fn into_func(self: Arc<HostFunc>, store: &mut StoreOpaque) -> Func {
        let context = HostContext {
            store: store.vm(),
            memory0_base: ptr::null_mut(),
            stack_bytes: self.stack_bytes,
            func: Arc::as_ptr(&self),
            importer: None,
        };
        let funcref = VmFuncRef {
            code: trampoline::exit as *const u8,
            vmctx: ptr::null_mut(),
            signature: self.signature,
            index: 0,
        };
        let record = Stable::new(HostRecord { funcref, context, _func: self });
        let record_ptr = record.as_ptr();
        // SAFETY: the record was just made and nobody else knows it.
        unsafe { (*record_ptr).funcref.vmctx = (&raw mut (*record_ptr).context).cast() };
        // SAFETY: a field of the record, at its final address.
        let funcref = unsafe { &raw const (*record_ptr).funcref };
        store.hosts.push(record);
        Func::from_ptr(funcref, store.id())
    }
}

/// As many values as a function type of a valid module can have; the result buffer is as long.
const MAX_VALUES: usize = 1000;

/// The arguments and results of a call from compiled code.
pub struct HostFrame<'a> {
    frame: &'a mut CallFrame,
    arguments: ArgumentSlots,
    results: ResultSlots,
    buffer: *mut VmValue,
}

impl HostFrame<'_> {
    /// The bits of the next argument.
    #[inline]
    pub(crate) fn argument(&mut self, ty: Type) -> u128 {
        let bits = match self.arguments.next(ty) {
            Slot::Int(n) => u128::from(self.frame.ints[n]),
            Slot::Float(n) => self.frame.floats[n].0,
            Slot::Memory(n) => {
                let n = if seeded(Bug::HostArgumentsOnStack) { 0 } else { n };
                // SAFETY: compiled code pushed as many arguments as the function's type says, and the closure asks by it.
                let word = |n| u128::from(unsafe { *self.frame.stack.add(n) });
                if ty == Type::V128 { word(n) | word(n + 1) << 64 } else { word(n) }
            }
        };
        clean(ty, bits)
    }

    /// The next result.
    #[inline]
    pub(crate) fn result(&mut self, ty: Type, bits: u128) {
        let bits = if seeded(Bug::HostResultCut) && ty == Type::I64 { bits & 0xffff_ffff } else { bits };
        match self.results.next(ty) {
            Slot::Int(n) => self.frame.result_ints[n] = bits as u64,
            Slot::Float(n) => self.frame.result_floats[n] = VmValue(bits),
            // SAFETY: the buffer has room for the results of any type.
            Slot::Memory(n) => unsafe { *self.buffer.add(n) = VmValue(bits) },
        }
    }
}

/// Runs a host function for the exit trampoline. Returns 0, or 1 if it failed; then the reason is noted.
///
/// # Safety
///
/// The exit trampoline calls it, with the callee's context, a frame that holds its arguments, and the context of the
/// compiled code that calls, or null.
pub(crate) unsafe extern "C" fn host_call(
    context: *mut HostContext,
    frame: *mut CallFrame,
    caller: *const VmContext,
) -> u32 {
    // SAFETY: contexts live as long as their store, which runs.
    let (func, importer, store) = unsafe { (&*(*context).func, (*context).importer, (*context).store) };
    let caller = if caller.is_null() || seeded(Bug::CallerIsImporter) {
        importer
    } else {
        // SAFETY: as above; an instance's record lives as long as its context, and nobody is changing its index.
        Some(unsafe { (*(*caller).instance.cast::<InstanceData>()).index })
    };
    // SAFETY: a store's shared part is the first field of its header.
    let owner = unsafe { (*store.cast::<StoreHeader>()).owner };
    // SAFETY: the frame is the trampoline's and nobody else's; the buffer belongs to the store.
    let mut frame = unsafe {
        HostFrame {
            frame: &mut *frame,
            arguments: ArgumentSlots::default(),
            results: ResultSlots::default(),
            buffer: (*store).results,
        }
    };
    match catch_unwind(AssertUnwindSafe(|| (func.closure)(owner, caller, &mut frame))) {
        Ok(Ok(())) => return 0,
        Ok(Err(mut error)) => {
            if let Error::Host(host) = &mut error {
                host.locate(backtrace_at_exit);
            }
            activation::set_unwind(Unwind::Error(error));
        }
        Err(payload) => activation::set_unwind(Unwind::Panic(payload)),
    }
    1
}

/// Ends the running call after a host function failed.
///
/// # Safety
///
/// The exit trampoline calls it, after [`host_call`] returned 1.
pub(crate) unsafe extern "C" fn raise() -> ! {
    // SAFETY: below are the exit trampoline and compiled code.
    unsafe { activation::unwind() }
}

/// What a host function knows of its caller: the store, and the instance whose code calls it.
pub struct Caller<'a, T: 'static> {
    store: StoreContextMut<'a, T>,
    instance: Option<usize>,
}

impl<T: 'static> Caller<'_, T> {
    pub(crate) fn reborrow(&mut self) -> Caller<'_, T> {
        Caller { store: StoreContextMut(self.store.0), instance: self.instance }
    }

    /// The host's data.
    pub fn data(&self) -> &T {
        &self.store.0.data
    }

    /// The host's data.
    pub fn data_mut(&mut self) -> &mut T {
        &mut self.store.0.data
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        self.store.0.opaque.engine()
    }

    /// The instance whose code calls the function, through whatever table it came. If no code does, because it is a start
    /// function or the host calls it, the instance that imported it, if any did.
    pub fn instance(&self) -> Option<Instance> {
        self.instance.map(|index| Instance::from_index(self.store.0.opaque.id(), index))
    }

    /// An export of that instance.
    pub fn get_export(&self, name: &str) -> Option<Extern> {
        self.instance()?.get_export(self, name)
    }

    /// The Wasm frames below the host function, innermost first.
    pub fn backtrace(&self) -> Backtrace {
        backtrace_at_exit()
    }
}

impl<T: 'static> AsContext for Caller<'_, T> {
    type Data = T;
    fn as_context(&self) -> StoreContext<'_, T> {
        StoreContext(self.store.0)
    }
}

impl<T: 'static> AsContextMut for Caller<'_, T> {
    fn as_context_mut(&mut self) -> StoreContextMut<'_, T> {
        StoreContextMut(self.store.0)
    }
}
