//! Stores: the owners of everything that exists at run time.

use crate::runtime::engine::Engine;
use crate::runtime::global::GlobalRecord;
use crate::runtime::host::{HostContext, HostFunc};
use crate::runtime::instance::InstanceData;
use crate::runtime::memory::MemoryRecord;
use crate::runtime::stable::Stable;
use crate::runtime::table::TableRecord;
use crate::runtime::vmcontext::{VmFuncRef, VmStore, VmValue};
use std::any::Any;
use std::fmt;
use std::ptr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Entries of the result buffer: no function type has more results than wasmparser's limit of 1,000.
const RESULTS: usize = 1024;

/// Tells stores apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StoreId(u64);

/// What compiled code and the trampolines know of a store.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct StoreHeader {
    /// The part that compiled code reads.
    pub vm: VmStore,
    /// The [`StoreInner`] that is lent to the innermost running call.
    pub owner: *mut u8,
}

/// A host function of a store, with its value as a reference and its context for calls from the host.
#[derive(Debug)]
pub(crate) struct HostRecord {
    /// What a `funcref` points at.
    pub funcref: VmFuncRef,
    /// The context of calls that come through no instance.
    pub context: HostContext,
    /// Keeps the function alive, which the context points at.
    pub _func: Arc<HostFunc>,
}

/// The part of a store that does not depend on the host's data.
pub struct StoreOpaque {
    id: StoreId,
    engine: Engine,
    header: Stable<StoreHeader>,
    results: Stable<[VmValue; RESULTS]>,
    /// Instances. They live as long as the store: tables may refer to their functions.
    pub(crate) instances: Vec<Stable<InstanceData>>,
    /// Host functions.
    pub(crate) hosts: Vec<Stable<HostRecord>>,
    /// Memories.
    pub(crate) memories: Vec<Stable<MemoryRecord>>,
    /// Tables.
    pub(crate) tables: Vec<Stable<TableRecord>>,
    /// Globals.
    pub(crate) globals: Vec<GlobalRecord>,
    /// Globals that the host made.
    pub(crate) cells: Vec<Stable<VmValue>>,
    /// What external references refer to.
    pub(crate) references: Vec<Box<dyn Any + Send + Sync>>,
}

impl StoreOpaque {
    fn new(engine: &Engine) -> StoreOpaque {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let results = Stable::new([VmValue(0); RESULTS]);
        let vm = VmStore { stack_limit: usize::MAX, results: results.as_ptr().cast(), exit_pc: 0, exit_sp: 0 };
        StoreOpaque {
            id: StoreId(NEXT.fetch_add(1, Ordering::Relaxed)),
            engine: engine.clone(),
            header: Stable::new(StoreHeader { vm, owner: ptr::null_mut() }),
            results,
            instances: Vec::new(),
            hosts: Vec::new(),
            memories: Vec::new(),
            tables: Vec::new(),
            globals: Vec::new(),
            cells: Vec::new(),
            references: Vec::new(),
        }
    }

    pub(crate) fn id(&self) -> StoreId {
        self.id
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(crate) fn header(&self) -> *mut StoreHeader {
        self.header.as_ptr()
    }

    pub(crate) fn vm(&self) -> *mut VmStore {
        self.header.as_ptr().cast()
    }

    /// Entry `index` of the result buffer.
    pub(crate) fn result(&self, index: usize) -> u128 {
        self.results.get()[index].0
    }

    /// Panics if the id is of another store.
    pub(crate) fn check(&self, id: StoreId) {
        assert!(self.id == id, "an object was used with a store that does not own it");
    }
}

// SAFETY: raw pointers in here point at what the store owns, and move with it; what is borrowed from other threads is
// `Sync` (engine, modules, host functions), and nothing of a store is used by a thread that does not hold the store.
unsafe impl Send for StoreOpaque {}
// SAFETY: through a shared reference everything is only read, and no compiled code runs.
unsafe impl Sync for StoreOpaque {}

/// A store's contents.
pub(crate) struct StoreInner<T: 'static> {
    pub opaque: StoreOpaque,
    pub data: T,
}

/// Owns instances, memories, tables, globals, host functions and references, and data of the host.
///
/// Nothing in a store is freed before the store. Handles ([`Func`](crate::Func),
/// [`Memory`](crate::Memory) and so on) are names that mean something only together with it.
pub struct Store<T: 'static> {
    inner: Box<StoreInner<T>>,
}

impl<T: 'static> Store<T> {
    /// An empty store.
    pub fn new(engine: &Engine, data: T) -> Store<T> {
        Store { inner: Box::new(StoreInner { opaque: StoreOpaque::new(engine), data }) }
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        self.inner.opaque.engine()
    }

    /// The host's data.
    pub fn data(&self) -> &T {
        &self.inner.data
    }

    /// The host's data.
    pub fn data_mut(&mut self) -> &mut T {
        &mut self.inner.data
    }

    /// Drops the store and keeps the host's data.
    pub fn into_data(self) -> T {
        let StoreInner { opaque, data } = *self.inner;
        drop(opaque);
        data
    }
}

impl<T: fmt::Debug + 'static> fmt::Debug for Store<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("id", &self.inner.opaque.id).field("data", &self.inner.data).finish()
    }
}

/// A store that is borrowed.
pub struct StoreContext<'a, T: 'static>(pub(crate) &'a StoreInner<T>);

/// A store that is mutably borrowed.
pub struct StoreContextMut<'a, T: 'static>(pub(crate) &'a mut StoreInner<T>);

impl<'a, T: 'static> StoreContext<'a, T> {
    /// The host's data.
    pub fn data(&self) -> &'a T {
        &self.0.data
    }

    /// The engine.
    pub fn engine(&self) -> &'a Engine {
        self.0.opaque.engine()
    }
}

impl<T: 'static> StoreContextMut<'_, T> {
    /// The host's data.
    pub fn data(&self) -> &T {
        &self.0.data
    }

    /// The host's data.
    pub fn data_mut(&mut self) -> &mut T {
        &mut self.0.data
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        self.0.opaque.engine()
    }
}

/// Something through which a store can be read: a store, a [`Caller`](crate::Caller), a borrow of either.
pub trait AsContext {
    /// The host's data.
    type Data: 'static;
    /// The store.
    fn as_context(&self) -> StoreContext<'_, Self::Data>;
}

/// Something through which a store can be changed.
pub trait AsContextMut: AsContext {
    /// The store.
    fn as_context_mut(&mut self) -> StoreContextMut<'_, Self::Data>;
}

impl<T: 'static> AsContext for Store<T> {
    type Data = T;
    fn as_context(&self) -> StoreContext<'_, T> {
        StoreContext(&self.inner)
    }
}

impl<T: 'static> AsContextMut for Store<T> {
    fn as_context_mut(&mut self) -> StoreContextMut<'_, T> {
        StoreContextMut(&mut self.inner)
    }
}

impl<T: 'static> AsContext for StoreContext<'_, T> {
    type Data = T;
    fn as_context(&self) -> StoreContext<'_, T> {
        StoreContext(self.0)
    }
}

impl<T: 'static> AsContext for StoreContextMut<'_, T> {
    type Data = T;
    fn as_context(&self) -> StoreContext<'_, T> {
        StoreContext(self.0)
    }
}

impl<T: 'static> AsContextMut for StoreContextMut<'_, T> {
    fn as_context_mut(&mut self) -> StoreContextMut<'_, T> {
        StoreContextMut(self.0)
    }
}

impl<C: AsContext> AsContext for &C {
    type Data = C::Data;
    fn as_context(&self) -> StoreContext<'_, C::Data> {
        C::as_context(self)
    }
}

impl<C: AsContext> AsContext for &mut C {
    type Data = C::Data;
    fn as_context(&self) -> StoreContext<'_, C::Data> {
        C::as_context(self)
    }
}

impl<C: AsContextMut> AsContextMut for &mut C {
    fn as_context_mut(&mut self) -> StoreContextMut<'_, C::Data> {
        C::as_context_mut(self)
    }
}
