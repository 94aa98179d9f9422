//! The store: everything that instances are made of, by number.

use super::error::{Error, Trap, check_types};
use super::host::{Caller, HostError, HostFunction};
use super::instance::{Instance, InstanceAddr};
use super::memory::Memory;
use super::table::Table;
use super::value::Value;
use super::{Limits, MAX_NESTING, machine};
use crate::microwasm::FuncType;
use crate::runtime::externs::ExternType;
use crate::trap::TrapKind;
use crate::wasm::module::{ExportKind, GlobalType, MemoryType, TableType};
use std::rc::Rc;

/// A function of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FuncAddr(pub(super) u32);

/// A table of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TableAddr(pub(super) usize);

/// A memory of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MemoryAddr(pub(super) usize);

/// A global of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GlobalAddr(pub(super) usize);

/// What can be imported and exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum External {
    /// A function.
    Func(FuncAddr),
    /// A table.
    Table(TableAddr),
    /// A memory.
    Memory(MemoryAddr),
    /// A global.
    Global(GlobalAddr),
}

impl External {
    /// As a function.
    pub fn func(self) -> Option<FuncAddr> {
        match self {
            External::Func(func) => Some(func),
            _ => None,
        }
    }

    /// As a global.
    pub fn global(self) -> Option<GlobalAddr> {
        match self {
            External::Global(global) => Some(global),
            _ => None,
        }
    }
}

/// What a function does.
#[derive(Debug, Clone)]
pub(super) enum FuncCode {
    /// A function of an instance: the number of its code in the module.
    Wasm(InstanceAddr, usize),
    Host(HostFunction),
}

#[derive(Debug)]
pub(super) struct Func {
    pub(super) ty: Rc<FuncType>,
    pub(super) code: FuncCode,
}

#[derive(Debug)]
pub(super) struct Global {
    pub(super) ty: GlobalType,
    pub(super) bits: u128,
}

/// Functions, tables, memories, globals and instances. Nothing is ever removed.
///
/// Its addresses are numbers: one of another store means something else, or panics.
#[derive(Debug)]
pub struct Store {
    pub(super) limits: Limits,
    /// Steps taken in all calls.
    pub(super) steps: u64,
    /// Calls that are running: each lies within a host function of the one before.
    nesting: usize,
    pub(super) funcs: Vec<Func>,
    pub(super) tables: Vec<Table>,
    pub(super) memories: Vec<Memory>,
    pub(super) globals: Vec<Global>,
    pub(super) instances: Vec<Instance>,
}

impl Store {
    /// An empty store.
    pub fn new(limits: Limits) -> Store {
        Store {
            limits,
            steps: 0,
            nesting: 0,
            funcs: Vec::new(),
            tables: Vec::new(),
            memories: Vec::new(),
            globals: Vec::new(),
            instances: Vec::new(),
        }
    }

    /// Changes what later calls may use.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// The steps that all calls together have taken, as [`Limits::steps`] counts them.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// A function of the host's own. Its results are checked at each call.
    pub fn add_func(
        &mut self,
        ty: FuncType,
        code: impl Fn(&mut Caller<'_>, &[Value]) -> Result<Vec<Value>, HostError> + 'static,
    ) -> FuncAddr {
        self.push_func(Rc::new(ty), FuncCode::Host(HostFunction(Rc::new(code))))
    }

    pub(super) fn push_func(&mut self, ty: Rc<FuncType>, code: FuncCode) -> FuncAddr {
        self.funcs.push(Func { ty, code });
        FuncAddr(self.funcs.len() as u32 - 1)
    }

    /// A table filled with a reference.
    ///
    /// # Errors
    ///
    /// If the reference has another type, or if there is no memory for the table.
    pub fn add_table(&mut self, ty: TableType, init: Value) -> Result<TableAddr, Error> {
        check_types("a table", &[ty.element], &[init])?;
        self.push_table(&ty, init.bits() as u64)
    }

    pub(super) fn push_table(&mut self, ty: &TableType, init: u64) -> Result<TableAddr, Error> {
        let table = Table::new(ty, init).ok_or(Error::Resource { what: "table elements", size: ty.limits.min })?;
        self.tables.push(table);
        Ok(TableAddr(self.tables.len() - 1))
    }

    /// A memory filled with zeros.
    ///
    /// # Errors
    ///
    /// If there is no memory for it.
    pub fn add_memory(&mut self, ty: &MemoryType) -> Result<MemoryAddr, Error> {
        let memory = Memory::new(ty).ok_or(Error::Resource { what: "memory pages", size: ty.limits.min })?;
        self.memories.push(memory);
        Ok(MemoryAddr(self.memories.len() - 1))
    }

    /// A global.
    ///
    /// # Errors
    ///
    /// If the value has another type.
    pub fn add_global(&mut self, ty: GlobalType, value: Value) -> Result<GlobalAddr, Error> {
        check_types("a global", &[ty.content], &[value])?;
        Ok(self.push_global(ty, value.bits()))
    }

    pub(super) fn push_global(&mut self, ty: GlobalType, bits: u128) -> GlobalAddr {
        self.globals.push(Global { ty, bits });
        GlobalAddr(self.globals.len() - 1)
    }

    /// Calls a function.
    ///
    /// # Errors
    ///
    /// If arguments have the wrong types; [`Error::Trap`], [`Error::Host`], [`Error::OutOfSteps`].
    /// What was done before stays done.
    pub fn call(&mut self, func: FuncAddr, args: &[Value]) -> Result<Vec<Value>, Error> {
        let ty = self.funcs[func.0 as usize].ty.clone();
        check_types("arguments", &ty.params, args)?;
        if self.nesting == MAX_NESTING {
            return Err(Error::Trap(Trap { kind: TrapKind::StackOverflow, frames: Vec::new() }));
        }
        self.nesting += 1;
        let results = machine::run(self, func, args.iter().map(|arg| arg.bits()).collect(), None);
        self.nesting -= 1;
        let results = results?;
        Ok(results.iter().zip(&ty.results).map(|(bits, ty)| Value::from_bits(*ty, *bits)).collect())
    }

    /// The export of this name.
    pub fn export(&self, instance: InstanceAddr, name: &str) -> Option<External> {
        let exports = &self.instances[instance.0].module.info().exports;
        let export = exports.iter().find(|export| &*export.name == name)?;
        Some(self.exported(instance, export.kind))
    }

    /// All exports, in order.
    pub fn exports(&self, instance: InstanceAddr) -> Vec<(String, External)> {
        let exports = &self.instances[instance.0].module.info().exports;
        exports.iter().map(|export| (export.name.to_string(), self.exported(instance, export.kind))).collect()
    }

    fn exported(&self, instance: InstanceAddr, kind: ExportKind) -> External {
        let instance = &self.instances[instance.0];
        match kind {
            ExportKind::Func(index) => External::Func(instance.funcs[index as usize]),
            ExportKind::Table(index) => External::Table(instance.tables[index as usize]),
            ExportKind::Memory(index) => External::Memory(instance.memories[index as usize]),
            ExportKind::Global(index) => External::Global(instance.globals[index as usize]),
        }
    }

    /// A function of an instance by its index in the module.
    pub fn func_of(&self, instance: InstanceAddr, index: u32) -> Option<FuncAddr> {
        self.instances[instance.0].funcs.get(index as usize).copied()
    }

    /// A table of an instance by its index in the module.
    pub fn table_of(&self, instance: InstanceAddr, index: u32) -> Option<TableAddr> {
        self.instances[instance.0].tables.get(index as usize).copied()
    }

    /// A memory of an instance by its index in the module.
    pub fn memory_of(&self, instance: InstanceAddr, index: u32) -> Option<MemoryAddr> {
        self.instances[instance.0].memories.get(index as usize).copied()
    }

    /// A global of an instance by its index in the module.
    pub fn global_of(&self, instance: InstanceAddr, index: u32) -> Option<GlobalAddr> {
        self.instances[instance.0].globals.get(index as usize).copied()
    }

    /// A function's type.
    pub fn func_type(&self, func: FuncAddr) -> &FuncType {
        &self.funcs[func.0 as usize].ty
    }

    /// The type of what is exported; sizes are the present ones.
    pub fn external_type(&self, external: External) -> ExternType {
        match external {
            External::Func(func) => ExternType::Func(self.func_type(func).clone()),
            External::Table(table) => ExternType::Table(self.tables[table.0].ty()),
            External::Memory(memory) => ExternType::Memory(self.memories[memory.0].ty()),
            External::Global(global) => ExternType::Global(self.globals[global.0].ty),
        }
    }

    /// A global's value.
    pub fn global(&self, global: GlobalAddr) -> Value {
        let global = &self.globals[global.0];
        Value::from_bits(global.ty.content, global.bits)
    }

    /// Changes a global's value.
    ///
    /// # Errors
    ///
    /// If the global is immutable, or if the value has another type.
    pub fn set_global(&mut self, global: GlobalAddr, value: Value) -> Result<(), Error> {
        let global = &mut self.globals[global.0];
        check_types("a global", &[global.ty.content], &[value])?;
        if !global.ty.mutable {
            return Err(Error::Immutable);
        }
        global.bits = value.bits();
        Ok(())
    }

    /// A memory's bytes.
    pub fn bytes(&self, memory: MemoryAddr) -> &[u8] {
        &self.memories[memory.0].bytes
    }

    /// A memory's bytes, to be changed.
    pub fn bytes_mut(&mut self, memory: MemoryAddr) -> &mut [u8] {
        &mut self.memories[memory.0].bytes
    }

    /// Grows a memory by pages and returns its old size in pages, or `None` if a limit or the system forbids it.
    pub fn grow_memory(&mut self, memory: MemoryAddr, pages: u64) -> Option<u64> {
        self.memories[memory.0].grow(pages)
    }

    /// A table's size in elements.
    pub fn table_size(&self, table: TableAddr) -> u64 {
        self.tables[table.0].size()
    }

    /// An element of a table, or `None` beyond its end.
    pub fn table_get(&self, table: TableAddr, index: u64) -> Option<Value> {
        let table = &self.tables[table.0];
        let bits = table.elements.get(usize::try_from(index).ok()?)?;
        Some(Value::from_bits(table.element, (*bits).into()))
    }

    /// Changes an element of a table.
    ///
    /// # Errors
    ///
    /// If the value has another type, or a trap if the index is beyond the end.
    pub fn table_set(&mut self, table: TableAddr, index: u32, value: Value) -> Result<(), Error> {
        let table = &mut self.tables[table.0];
        check_types("an element", &[table.element], &[value])?;
        table.set(index, value.bits() as u64).map_err(|kind| Error::Trap(Trap { kind, frames: Vec::new() }))
    }
}
