//! What a module may declare. Each kind of declaration has its check, so that a decoder or a parser
//! can name the place of the first wrong one; [`Declarations::check`] runs them all.

use super::{Checked, Fault, MAX_LIST};
use crate::error::CompileResult;
use crate::microwasm::{FuncType, Type};
use crate::wasm::module::{
    ConstExpr, DataSegment, ElementSegment, Export, ExportKind, GlobalType, Import, ImportKind, Limits, MemoryType,
    ModuleInfo, SegmentMode, TableType,
};
use std::collections::HashSet;

/// The most pages of 64 KiB that a memory may have.
const MAX_PAGES: u64 = 1 << 16;

/// Checks a module's declarations one by one, each against those before it.
#[derive(Debug, Default)]
pub struct Declarations {
    exports: HashSet<Box<str>>,
}

impl Declarations {
    /// Checks everything that is declared before the code.
    pub(super) fn check(info: &ModuleInfo) -> Checked {
        info.types.iter().try_for_each(func_type)?;
        info.imports.iter().try_for_each(|each| import(info, each))?;
        imports_are_counted(info)?;
        info.funcs.iter().try_for_each(|each| func(info, *each))?;
        info.tables.iter().try_for_each(table_type)?;
        memories(info)?;
        let defined = info.globals.iter().skip(info.imported_globals as usize);
        defined.zip(&info.global_inits).try_for_each(|(ty, init)| global_init(info, ty, init))?;
        let mut declarations = Declarations::default();
        info.exports.iter().try_for_each(|each| declarations.export(info, each))?;
        info.start.iter().try_for_each(|each| start(info, *each))?;
        info.elements.iter().try_for_each(|each| element(info, each))
    }

    /// Checks all data segments, which come after the code.
    pub(super) fn check_data(info: &ModuleInfo, segments: &[DataSegment]) -> Checked {
        if info.data_count.is_some_and(|count| count as usize != segments.len()) {
            return Err(Fault::rule("the data segments are not as many as were announced"));
        }
        (0..).zip(segments).try_for_each(|(number, segment)| data(info, number, segment))
    }

    fn export(&mut self, info: &ModuleInfo, export: &Export) -> Checked {
        match export.kind {
            ExportKind::Func(index) => function_type(info, index).map(drop)?,
            ExportKind::Table(index) => table(info, index).map(drop)?,
            ExportKind::Memory(index) => memory(info, index)?,
            ExportKind::Global(index) => global(info, index).map(drop)?,
        }
        if !self.exports.insert(export.name.clone()) {
            return Err(Fault::rule(format!("two exports are named {:?}", export.name)));
        }
        Ok(())
    }
}

/// One declaration, as it was just read: everything before it is in the [`ModuleInfo`] already, it
/// itself too.
#[derive(Debug, Clone, Copy)]
pub enum Declared<'a> {
    /// A function type.
    Type(&'a FuncType),
    /// An import.
    Import(&'a Import),
    /// A function's type index.
    Func(u32),
    /// A table.
    Table(&'a TableType),
    /// A memory.
    Memory,
    /// A global with its initial value.
    Global(&'a GlobalType, &'a ConstExpr),
    /// An export.
    Export(&'a Export),
    /// The start function.
    Start(u32),
    /// An element segment.
    Element(&'a ElementSegment),
    /// A data segment, by its number.
    Data(u32, &'a DataSegment),
}

impl Declarations {
    /// Checks a declaration that was read at this byte offset.
    ///
    /// # Errors
    ///
    /// What is wrong with it, at that offset.
    pub fn declare(&mut self, info: &ModuleInfo, declared: Declared<'_>, offset: u64) -> CompileResult<()> {
        let checked = match declared {
            Declared::Type(ty) => func_type(ty),
            Declared::Import(each) => import(info, each).and_then(|()| memories(info)),
            Declared::Func(index) => func(info, index),
            Declared::Table(ty) => table_type(ty),
            Declared::Memory => memories(info),
            Declared::Global(ty, init) => global_init(info, ty, init),
            Declared::Export(each) => self.export(info, each),
            Declared::Start(index) => start(info, index),
            Declared::Element(segment) => element(info, segment),
            Declared::Data(number, segment) => data(info, number, segment),
        };
        checked.map_err(|fault| fault.at(offset))
    }
}

fn missing(what: &str, index: u32) -> Box<Fault> {
    Fault::rule(format!("there is no {what} {index}"))
}

pub(super) fn function_type(info: &ModuleInfo, index: u32) -> Checked<&FuncType> {
    let ty = info.funcs.get(index as usize).ok_or_else(|| missing("function", index))?;
    info.types.get(*ty as usize).ok_or_else(|| missing("type", *ty))
}

pub(super) fn global(info: &ModuleInfo, index: u32) -> Checked<&GlobalType> {
    info.globals.get(index as usize).ok_or_else(|| missing("global", index))
}

pub(super) fn table(info: &ModuleInfo, index: u32) -> Checked<&TableType> {
    info.tables.get(index as usize).ok_or_else(|| missing("table", index))
}

pub(super) fn element_segment(info: &ModuleInfo, index: u32) -> Checked<&ElementSegment> {
    info.elements.get(index as usize).ok_or_else(|| missing("element segment", index))
}

pub(super) fn data_segment(info: &ModuleInfo, index: u32) -> Checked {
    if info.data_count.is_some_and(|count| index < count) { Ok(()) } else { Err(missing("data segment", index)) }
}

fn memory(info: &ModuleInfo, index: u32) -> Checked {
    info.memories.get(index as usize).map(drop).ok_or_else(|| missing("memory", index))
}

fn func_type(ty: &FuncType) -> Checked {
    if ty.params.len().max(ty.results.len()) > MAX_LIST {
        return Err(Box::new(Fault::Limit("parameters or results of a function")));
    }
    Ok(())
}

fn func(info: &ModuleInfo, type_index: u32) -> Checked {
    info.types.get(type_index as usize).map(drop).ok_or_else(|| missing("type", type_index))
}

fn import(info: &ModuleInfo, import: &Import) -> Checked {
    match &import.kind {
        ImportKind::Func(ty) => func(info, *ty),
        ImportKind::Table(ty) => table_type(ty),
        ImportKind::Memory(ty) => memory_type(ty),
        ImportKind::Global(_) => Ok(()),
    }
}

/// The index spaces begin with the imports.
fn imports_are_counted(info: &ModuleInfo) -> Checked {
    let (mut funcs, mut tables, mut memories, mut globals) = (vec![], vec![], vec![], vec![]);
    for import in &info.imports {
        match import.kind {
            ImportKind::Func(ty) => funcs.push(ty),
            ImportKind::Table(ty) => tables.push(ty),
            ImportKind::Memory(ty) => memories.push(ty),
            ImportKind::Global(ty) => globals.push(ty),
        }
    }
    let counts = [funcs.len(), tables.len(), memories.len(), globals.len()].map(|count| count as u32);
    let fit = counts == [info.imported_funcs, info.imported_tables, info.imported_memories, info.imported_globals]
        && info.funcs.starts_with(&funcs)
        && info.tables.starts_with(&tables)
        && info.memories.starts_with(&memories)
        && info.globals.starts_with(&globals)
        && info.globals.len() == globals.len() + info.global_inits.len();
    if fit { Ok(()) } else { Err(Fault::rule("the index spaces do not begin with the imports")) }
}

fn limits(limits: Limits, most: u64, what: &str) -> Checked {
    if limits.min > most || limits.max.is_some_and(|max| max > most || max < limits.min) {
        return Err(Fault::rule(format!("limits of a {what}: {limits:?}")));
    }
    Ok(())
}

fn table_type(ty: &TableType) -> Checked {
    if !ty.element.is_ref() {
        return Err(Fault::rule(format!("a table of {}", ty.element)));
    }
    limits(ty.limits, u32::MAX.into(), "table")
}

fn memory_type(ty: &MemoryType) -> Checked {
    limits(ty.limits, MAX_PAGES, "memory")
}

fn memories(info: &ModuleInfo) -> Checked {
    if info.memories.len() > 1 {
        return Err(Box::new(Fault::Unsupported("multi-memory")));
    }
    info.memories.iter().try_for_each(memory_type)
}

/// A constant expression of this type.
fn const_expr(info: &ModuleInfo, expr: &ConstExpr, ty: Type) -> Checked {
    let found = match *expr {
        ConstExpr::Const(value) => value.ty(),
        ConstExpr::RefFunc(index) => {
            function_type(info, index)?;
            Type::FuncRef
        }
        ConstExpr::GlobalGet(index) => {
            let global = global(info, index)?;
            if global.mutable || index >= info.imported_globals {
                return Err(Fault::rule(format!("global {index} is no imported constant")));
            }
            global.content
        }
    };
    if found == ty { Ok(()) } else { Err(Fault::rule(format!("a constant {ty} expected, {found} found"))) }
}

fn global_init(info: &ModuleInfo, ty: &GlobalType, init: &ConstExpr) -> Checked {
    const_expr(info, init, ty.content)
}

fn start(info: &ModuleInfo, index: u32) -> Checked {
    let ty = function_type(info, index)?;
    if ty.params.is_empty() && ty.results.is_empty() {
        return Ok(());
    }
    Err(Fault::rule("the start function takes or returns something"))
}

fn element(info: &ModuleInfo, segment: &ElementSegment) -> Checked {
    if !segment.element.is_ref() {
        return Err(Fault::rule(format!("an element segment of {}", segment.element)));
    }
    if let SegmentMode::Active { index, offset } = &segment.mode {
        if table(info, *index)?.element != segment.element {
            return Err(Fault::rule(format!("table {index} holds no {}", segment.element)));
        }
        const_expr(info, offset, Type::I32)?;
    }
    segment.items.iter().try_for_each(|item| const_expr(info, item, segment.element))
}

fn data(info: &ModuleInfo, number: u32, segment: &DataSegment) -> Checked {
    if info.data_count.is_some_and(|count| number >= count) {
        return Err(Fault::rule("more data segments than were announced"));
    }
    match &segment.mode {
        SegmentMode::Active { index, offset } => {
            memory(info, *index)?;
            const_expr(info, offset, Type::I32)
        }
        SegmentMode::Passive => Ok(()),
        SegmentMode::Declared => Err(Fault::rule("a data segment declares nothing")),
    }
}
