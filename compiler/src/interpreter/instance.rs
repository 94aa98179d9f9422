//! Linking and instantiation, in the specification's order.

use super::error::{Error, Trap};
use super::machine;
use super::module::Module;
use super::store::{External, FuncAddr, FuncCode, GlobalAddr, MemoryAddr, Store, TableAddr};
use super::value::Value;
use crate::microwasm::FuncType;
use crate::runtime::error::LinkError;
use crate::runtime::externs::ExternType;
use crate::trap::TrapKind;
use crate::wasm::module::{ConstExpr, Import, ImportKind, Limits, SegmentMode};
use std::rc::Rc;

/// An instance of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct InstanceAddr(pub(super) usize);

/// An instance: the module's index spaces, as addresses.
#[derive(Debug)]
pub(super) struct Instance {
    pub(super) module: Module,
    /// The module's types, shared with its functions.
    pub(super) types: Vec<Rc<FuncType>>,
    pub(super) funcs: Vec<FuncAddr>,
    pub(super) tables: Vec<TableAddr>,
    pub(super) memories: Vec<MemoryAddr>,
    pub(super) globals: Vec<GlobalAddr>,
    /// The references of each element segment; none once it is dropped.
    pub(super) elements: Vec<Box<[u64]>>,
    pub(super) dropped_data: Vec<bool>,
}

impl Store {
    /// Instantiates a module: links its imports, which are given in the module's order, allocates
    /// what it defines, applies its segments and calls its start function.
    ///
    /// # Errors
    ///
    /// [`Error::Imports`] and [`Error::Link`] if the imports do not fit; [`Error::Resource`];
    /// [`Error::Trap`] if a segment does not fit; the errors of [`Store::call`] if the start function
    /// fails. What was written before a trap, also to imported tables and memories, stays.
    pub fn instantiate(&mut self, module: &Module, imports: &[External]) -> Result<InstanceAddr, Error> {
        self.check_imports(module, imports)?;
        let instance = self.allocate(module, imports)?;
        self.apply_segments(instance).map_err(|kind| Error::Trap(Trap { kind, frames: Vec::new() }))?;
        if let Some(start) = module.info().start {
            let start = self.instances[instance.0].funcs[start as usize];
            // Called by the instance: that is whom a host function sees.
            machine::run(self, start, Vec::new(), Some(instance))?;
        }
        Ok(instance)
    }

    fn check_imports(&self, module: &Module, imports: &[External]) -> Result<(), Error> {
        let expected = &module.info().imports;
        if expected.len() != imports.len() {
            return Err(Error::Imports { expected: expected.len(), given: imports.len() });
        }
        for (import, given) in expected.iter().zip(imports) {
            let wanted = import_type(module, import);
            let given = self.external_type(*given);
            if !fits(&wanted, &given) {
                return Err(Error::Link(LinkError::Incompatible {
                    module: import.module.to_string(),
                    name: import.name.to_string(),
                    expected: wanted.to_string(),
                    given: given.to_string(),
                }));
            }
        }
        Ok(())
    }

    /// The instance stays in the store whatever happens later: others may refer to its functions.
    fn allocate(&mut self, module: &Module, imports: &[External]) -> Result<InstanceAddr, Error> {
        let info = module.info();
        let address = InstanceAddr(self.instances.len());
        let mut instance = Instance {
            module: module.clone(),
            types: info.types.iter().map(|ty| Rc::new(ty.clone())).collect(),
            funcs: Vec::new(),
            tables: Vec::new(),
            memories: Vec::new(),
            globals: Vec::new(),
            elements: Vec::new(),
            dropped_data: vec![false; info.data.len()],
        };
        for import in imports {
            match import {
                External::Func(func) => instance.funcs.push(*func),
                External::Table(table) => instance.tables.push(*table),
                External::Memory(memory) => instance.memories.push(*memory),
                External::Global(global) => instance.globals.push(*global),
            }
        }
        for (number, ty) in info.funcs[info.imported_funcs as usize..].iter().enumerate() {
            let ty = instance.types[*ty as usize].clone();
            instance.funcs.push(self.push_func(ty, FuncCode::Wasm(address, number)));
        }
        for ty in &info.tables[info.imported_tables as usize..] {
            instance.tables.push(self.push_table(ty, 0)?);
        }
        for ty in &info.memories[info.imported_memories as usize..] {
            instance.memories.push(self.add_memory(ty)?);
        }
        for (ty, init) in info.globals[info.imported_globals as usize..].iter().zip(&info.global_inits) {
            let bits = self.evaluate(&instance, *init);
            instance.globals.push(self.push_global(*ty, bits));
        }
        for segment in &info.elements {
            let items = segment.items.iter().map(|item| self.evaluate(&instance, *item) as u64).collect();
            instance.elements.push(items);
        }
        self.instances.push(instance);
        Ok(address)
    }

    /// The bits of a constant expression's value.
    fn evaluate(&self, instance: &Instance, expression: ConstExpr) -> u128 {
        match expression {
            ConstExpr::Const(value) => value.wide_bits(),
            ConstExpr::GlobalGet(index) => self.globals[instance.globals[index as usize].0].bits,
            ConstExpr::RefFunc(index) => Value::FuncRef(Some(instance.funcs[index as usize])).bits(),
        }
    }

    /// Copies active segments and drops them, and drops those that only declare.
    fn apply_segments(&mut self, instance: InstanceAddr) -> Result<(), TrapKind> {
        let module = self.instances[instance.0].module.clone();
        for (number, segment) in (0..).zip(&module.info().elements) {
            if let SegmentMode::Active { index, offset } = segment.mode {
                let to = self.evaluate(&self.instances[instance.0], offset) as u32;
                // A length that does not fit 32 bits fits no table either.
                let length = u32::try_from(segment.items.len()).map_err(|_| TrapKind::TableOutOfBounds)?;
                self.table_init(instance, number, index, to, 0, length)?;
            }
            if segment.mode != SegmentMode::Passive {
                self.elem_drop(instance, number);
            }
        }
        for (number, segment) in (0..).zip(&module.info().data) {
            if let SegmentMode::Active { offset, .. } = segment.mode {
                let to = self.evaluate(&self.instances[instance.0], offset) as u32;
                let length = u32::try_from(segment.bytes.len()).map_err(|_| TrapKind::MemoryOutOfBounds)?;
                self.memory_init(instance, number, to, 0, length)?;
                self.data_drop(instance, number);
            }
        }
        Ok(())
    }
}

/// The type that an import asks for.
fn import_type(module: &Module, import: &Import) -> ExternType {
    match import.kind {
        ImportKind::Func(ty) => ExternType::Func(module.info().types[ty as usize].clone()),
        ImportKind::Table(ty) => ExternType::Table(ty),
        ImportKind::Memory(ty) => ExternType::Memory(ty),
        ImportKind::Global(ty) => ExternType::Global(ty),
    }
}

/// Import matching of the specification.
fn fits(wanted: &ExternType, given: &ExternType) -> bool {
    match (wanted, given) {
        (ExternType::Table(wanted), ExternType::Table(given)) => {
            wanted.element == given.element && limits_fit(wanted.limits, given.limits)
        }
        (ExternType::Memory(wanted), ExternType::Memory(given)) => limits_fit(wanted.limits, given.limits),
        // Functions and globals are invariant.
        (wanted, given) => wanted == given,
    }
}

fn limits_fit(wanted: Limits, given: Limits) -> bool {
    given.min >= wanted.min && wanted.max.is_none_or(|wanted| given.max.is_some_and(|given| given <= wanted))
}
