//! Instances: modules with everything that they import, and their own memories, tables and globals.

use crate::microwasm::FuncType;
use crate::runtime::backtrace::Trap;
use crate::runtime::builtins::BUILTINS;
use crate::runtime::engine::Engine;
use crate::runtime::error::Error;
use crate::runtime::externs::Extern;
use crate::runtime::func::Func;
use crate::runtime::global::{Global, GlobalRecord};
use crate::runtime::host::HostContext;
use crate::runtime::imports;
use crate::runtime::memory::{Memory, MemoryRecord};
use crate::runtime::module::Module;
use crate::runtime::stable::Stable;
use crate::runtime::store::{AsContext, AsContextMut, StoreId, StoreInner, StoreOpaque};
use crate::runtime::table::{Table, TableRecord};
use crate::runtime::typed::{TypedFunc, WasmValues};
use crate::runtime::vmcontext::{VmContext, VmFuncRef, VmMemory, VmTable, VmValue};
use crate::seeded::{Bug, seeded};
use crate::trap::TrapKind;
use crate::wasm::module::{ConstExpr, ExportKind, SegmentMode};
use std::alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error};
use std::ptr::{self, NonNull};

/// The memory of a context with its variable part.
#[derive(Debug)]
struct ContextAllocation {
    context: NonNull<VmContext>,
    layout: Layout,
}

impl ContextAllocation {
    fn new(bytes: u32) -> Result<ContextAllocation, Error> {
        let bytes = (bytes as usize).max(size_of::<VmContext>());
        let layout = Layout::from_size_align(bytes, align_of::<VmContext>())
            .map_err(|error| Error::Resource { what: "an instance", reason: error.to_string() })?;
        // SAFETY: the layout is not empty.
        let memory = unsafe { alloc_zeroed(layout) };
        match NonNull::new(memory.cast()) {
            Some(context) => Ok(ContextAllocation { context, layout }),
            None => handle_alloc_error(layout),
        }
    }

    /// The address of a field of the variable part.
    fn field<T>(&self, offset: u32) -> *mut T {
        debug_assert!(offset as usize + size_of::<T>() <= self.layout.size());
        self.context.as_ptr().wrapping_byte_add(offset as usize).cast()
    }
}

impl Drop for ContextAllocation {
    fn drop(&mut self) {
        // SAFETY: allocated by `new` with this layout, freed once.
        unsafe { dealloc(self.context.as_ptr().cast(), self.layout) };
    }
}

/// The runtime's record of an instance.
#[derive(Debug)]
pub struct InstanceData {
    pub(crate) module: Module,
    /// Its index in the store.
    pub(crate) index: usize,
    pub(crate) tables: Vec<*mut TableRecord>,
    pub(crate) dropped_elements: Vec<bool>,
    pub(crate) dropped_data: Vec<bool>,
    memory: *mut MemoryRecord,
    context: ContextAllocation,
    funcs: Vec<VmFuncRef>,
    /// Contexts of imported host functions.
    host_contexts: Vec<Stable<HostContext>>,
    /// The store's numbers of the tables, memories and globals.
    table_indices: Vec<usize>,
    memory_indices: Vec<usize>,
    global_indices: Vec<usize>,
    global_cells: Vec<*mut VmValue>,
}

impl InstanceData {
    /// The function's value as a reference.
    pub(crate) fn funcref(&self, index: u32) -> *mut VmFuncRef {
        assert!((index as usize) < self.funcs.len());
        // SAFETY: the context is initialised, and the index is inside its array.
        unsafe { (*self.context.context.as_ptr()).funcs.add(index as usize) }
    }

    /// The value of a constant expression.
    pub(crate) fn evaluate(&self, expression: ConstExpr) -> u128 {
        match expression {
            ConstExpr::Const(value) => value.wide_bits(),
            ConstExpr::GlobalGet(_) if seeded(Bug::GlobalOfImportZero) => 0,
            // SAFETY: the cells of imported globals live as long as the store.
            ConstExpr::GlobalGet(index) => unsafe { (*self.global_cells[index as usize]).0 },
            ConstExpr::RefFunc(index) => self.funcref(index) as usize as u128,
        }
    }

    pub(crate) fn memory_base(&self) -> *mut u8 {
        // SAFETY: null or a memory of the store.
        unsafe { self.memory.as_ref() }.map_or(NonNull::dangling().as_ptr(), MemoryRecord::base)
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        // SAFETY: null or a memory of the store.
        unsafe { self.memory.as_ref() }.map_or(0, MemoryRecord::bytes)
    }

    pub(crate) fn memory_grow(&mut self, pages: u32) -> Option<u64> {
        // SAFETY: null or a memory of the store; no other reference to it is alive.
        unsafe { self.memory.as_mut() }?.grow(pages.into())
    }

    fn export(&self, kind: ExportKind, store: StoreId) -> Extern {
        match kind {
            ExportKind::Func(index) => Extern::Func(Func::from_ptr(self.funcref(index), store)),
            ExportKind::Table(index) => Extern::Table(Table::from_index(store, self.table_indices[index as usize])),
            ExportKind::Memory(index) => Extern::Memory(Memory::from_index(store, self.memory_indices[index as usize])),
            ExportKind::Global(index) => Extern::Global(Global::from_index(store, self.global_indices[index as usize])),
        }
    }
}

/// An instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Instance {
    store: StoreId,
    index: usize,
}

impl Instance {
    /// Instantiates a module: links its imports, which are given in the module's order, applies its
    /// segments and runs its start function.
    ///
    /// # Errors
    ///
    /// [`Error::Count`] and [`Error::Link`] if the imports do not fit; [`Error::Resource`] if
    /// something cannot be allocated; [`Error::Trap`] if a segment does not fit or the start
    /// function traps. What was written before a trap, also to imported tables and memories, stays.
    ///
    /// # Panics
    ///
    /// With the panic of a host function that the start function calls.
    pub fn new(mut store: impl AsContextMut, module: &Module, imports: &[Extern]) -> Result<Instance, Error> {
        let store = store.as_context_mut().0;
        imports::check(&store.opaque, module, imports)?;
        let index = allocate(&mut store.opaque, module, imports)?;
        let instance = Instance { store: store.opaque.id(), index };
        let data = store.opaque.instances[index].get_mut();
        apply_segments(data).map_err(Trap::of_segment)?;
        if let Some(start) = module.info().start.filter(|_| !seeded(Bug::StartNotRun)) {
            instance.run_start(store, start)?;
        }
        Ok(instance)
    }

    fn run_start<T: 'static>(&self, store: &mut StoreInner<T>, start: u32) -> Result<(), Error> {
        let func = store.opaque.instances[self.index].get().funcref(start);
        Func::from_ptr(func, self.store).call_in(store, &[], &mut [])
    }

    pub(crate) fn from_index(store: StoreId, index: usize) -> Instance {
        Instance { store, index }
    }

    fn data<'a>(&self, store: &'a StoreOpaque) -> &'a InstanceData {
        store.check(self.store);
        store.instances[self.index].get()
    }

    /// The module.
    ///
    /// # Panics
    ///
    /// If the instance belongs to another store, as all functions here.
    pub fn module<'a, T: 'static>(&self, store: &'a impl AsContext<Data = T>) -> &'a Module {
        &self.data(&store.as_context().0.opaque).module
    }

    /// The export of this name.
    pub fn get_export(&self, store: impl AsContext, name: &str) -> Option<Extern> {
        let data = self.data(&store.as_context().0.opaque);
        let export = data.module.info().exports.iter().find(|export| &*export.name == name)?;
        Some(data.export(export.kind, self.store))
    }

    /// The exported function of this name.
    pub fn get_func(&self, store: impl AsContext, name: &str) -> Option<Func> {
        self.get_export(store, name)?.into_func()
    }

    /// The exported function of this name, to be called with Rust's types.
    ///
    /// # Errors
    ///
    /// [`Error::NoExport`] if there is none; [`Error::FuncType`] if its type is another.
    pub fn get_typed_func<P: WasmValues, R: WasmValues>(
        &self,
        store: impl AsContext,
        name: &str,
    ) -> Result<TypedFunc<P, R>, Error> {
        match self.get_func(&store, name) {
            Some(func) => func.typed(&store),
            None => Err(Error::NoExport { kind: "function", name: name.to_string() }),
        }
    }

    /// The exported memory of this name.
    pub fn get_memory(&self, store: impl AsContext, name: &str) -> Option<Memory> {
        self.get_export(store, name)?.into_memory()
    }

    /// The exported table of this name.
    pub fn get_table(&self, store: impl AsContext, name: &str) -> Option<Table> {
        self.get_export(store, name)?.into_table()
    }

    /// The exported global of this name.
    pub fn get_global(&self, store: impl AsContext, name: &str) -> Option<Global> {
        self.get_export(store, name)?.into_global()
    }

    /// All exports, in order.
    pub fn exports(&self, store: impl AsContext) -> Vec<(String, Extern)> {
        let data = self.data(&store.as_context().0.opaque);
        let exports = &data.module.info().exports;
        exports.iter().map(|export| (export.name.to_string(), data.export(export.kind, self.store))).collect()
    }

    /// A function by its index in the module, imported ones first, exported or not.
    pub fn func_by_index(&self, store: impl AsContext, index: u32) -> Option<Func> {
        let data = self.data(&store.as_context().0.opaque);
        (index < data.module.info().funcs.len() as u32).then(|| Func::from_ptr(data.funcref(index), self.store))
    }

    /// A table by its index in the module, imported ones first, exported or not.
    pub fn table_by_index(&self, store: impl AsContext, index: u32) -> Option<Table> {
        let data = self.data(&store.as_context().0.opaque);
        data.table_indices.get(index as usize).map(|index| Table::from_index(self.store, *index))
    }

    /// A memory by its index in the module, imported ones first, exported or not.
    pub fn memory_by_index(&self, store: impl AsContext, index: u32) -> Option<Memory> {
        let data = self.data(&store.as_context().0.opaque);
        data.memory_indices.get(index as usize).map(|index| Memory::from_index(self.store, *index))
    }

    /// A global by its index in the module, imported ones first, exported or not.
    pub fn global_by_index(&self, store: impl AsContext, index: u32) -> Option<Global> {
        let data = self.data(&store.as_context().0.opaque);
        data.global_indices.get(index as usize).map(|index| Global::from_index(self.store, *index))
    }
}

/// Makes the instance with everything of its own; its segments are not yet applied.
///
/// The store keeps it whatever happens next: others may soon refer to its functions.
fn allocate(store: &mut StoreOpaque, module: &Module, imports: &[Extern]) -> Result<usize, Error> {
    let info = module.info();
    let index = store.instances.len();
    let engine = store.engine().clone();
    let context = ContextAllocation::new(module.offsets().size())?;
    let vmctx = context.context.as_ptr();
    let mut data = InstanceData {
        module: module.clone(),
        index,
        tables: Vec::new(),
        dropped_elements: vec![false; info.elements.len()],
        dropped_data: vec![false; info.data.len()],
        memory: ptr::null_mut(),
        context,
        funcs: Vec::with_capacity(info.funcs.len()),
        host_contexts: Vec::new(),
        table_indices: Vec::new(),
        memory_indices: Vec::new(),
        global_indices: Vec::new(),
        global_cells: Vec::new(),
    };
    for import in imports {
        match import {
            Extern::Func(func) => {
                let (funcref, context) = imports::bind(*func, store, index);
                data.funcs.push(funcref);
                data.host_contexts.extend(context);
            }
            Extern::Table(table) => data.table_indices.extend(table.index_in(store)),
            Extern::Memory(memory) => data.memory_indices.extend(memory.index_in(store)),
            Extern::Global(global) => data.global_indices.extend(global.index_in(store)),
        }
    }
    for (defined, ty) in info.funcs[info.imported_funcs as usize..].iter().enumerate() {
        data.funcs.push(VmFuncRef {
            code: module.image().entry(defined),
            vmctx,
            signature: module.signatures()[*ty as usize],
            index: info.imported_funcs + defined as u32,
        });
    }
    for ty in &info.tables[info.imported_tables as usize..] {
        data.table_indices.push(Table::add(store, ty)?);
    }
    for ty in &info.memories[info.imported_memories as usize..] {
        data.memory_indices.push(Memory::add(store, ty)?);
    }
    for (number, table) in data.table_indices.iter().enumerate() {
        let record = store.tables[*table].as_ptr();
        data.tables.push(record);
        // SAFETY: a field of the context that was just allocated.
        unsafe { *data.context.field::<*mut VmTable>(module.offsets().table(number as u32)) = record.cast() };
    }
    if let Some(memory) = data.memory_indices.first() {
        data.memory = store.memories[*memory].as_ptr();
    }
    for (number, global) in data.global_indices.iter().enumerate() {
        let cell = store.globals[*global].cell;
        data.global_cells.push(cell);
        let field = data.context.field::<*mut VmValue>(module.offsets().imported_global(number as u32));
        // SAFETY: a field of the context that was just allocated.
        unsafe { *field = cell };
    }
    let funcs = data.funcs.as_mut_ptr();
    let memory0_base = if data.memory.is_null() { ptr::null_mut() } else { data.memory_base() };
    let memory0: *mut VmMemory = data.memory.cast();
    for context in &mut data.host_contexts {
        context.get_mut().memory0_base = memory0_base;
    }
    let data = Stable::new(data);
    let instance = data.as_ptr().cast();
    // SAFETY: the context was just allocated; nobody else knows it yet.
    unsafe {
        vmctx.write(VmContext { store: store.vm(), memory0_base, memory0, funcs, builtins: &BUILTINS, instance })
    };
    store.instances.push(data);
    debug_assert!(Engine::same(&engine, module.engine()));
    initialise_globals(store, index);
    Ok(index)
}

fn initialise_globals(store: &mut StoreOpaque, index: usize) {
    let data = store.instances[index].get_mut();
    let module = data.module.clone();
    let info = module.info();
    let own = (info.imported_globals..).zip(&info.globals[info.imported_globals as usize..]);
    for ((number, ty), init) in own.zip(&info.global_inits) {
        let cell = data.context.field::<VmValue>(module.offsets().own_global(number));
        let value = VmValue(data.evaluate(*init));
        // SAFETY: a field of the instance's own context.
        unsafe { cell.write(value) };
        data.global_cells.push(cell);
        data.global_indices.push(store.globals.len());
        store.globals.push(GlobalRecord { cell, ty: *ty });
    }
}

fn apply_segments(data: &mut InstanceData) -> Result<(), TrapKind> {
    let module = data.module.clone();
    for (number, segment) in module.info().elements.iter().enumerate() {
        match segment.mode {
            SegmentMode::Passive => continue,
            SegmentMode::Declared => {}
            SegmentMode::Active { index, offset } => {
                let destination = data.evaluate(offset) as u32;
                // A length that does not fit 32 bits fits no table either.
                let length = u32::try_from(segment.items.len()).map_err(|_| TrapKind::TableOutOfBounds)?;
                let lost = u32::from(seeded(Bug::LastElementForgotten) && length > 1);
                data.table_init(index, number as u32, destination, 0, length - lost)?;
            }
        }
        data.dropped_elements[number] = true;
    }
    let count = module.info().data.len();
    for number in 0..count {
        let number = if seeded(Bug::DataSegmentsBackwards) { count - 1 - number } else { number };
        let segment = &module.info().data[number];
        if let SegmentMode::Active { offset, .. } = segment.mode {
            let destination = data.evaluate(offset) as u32;
            let length = u32::try_from(segment.bytes.len()).map_err(|_| TrapKind::MemoryOutOfBounds)?;
            data.memory_init(number as u32, destination, 0, length)?;
            data.dropped_data[number] = true;
        }
    }
    Ok(())
}

/// The type of a function, by the number in its reference.
pub(crate) fn func_type(store: &StoreOpaque, funcref: &VmFuncRef) -> std::sync::Arc<FuncType> {
    store.engine().signatures().ty(funcref.signature)
}
