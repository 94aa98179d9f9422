//! Sections to [`ModuleInfo`]. Everything read here has been accepted by the validator.

use wasmparser::{
    CompositeInnerType, DataKind, DataSectionReader, ElementItems, ElementKind, ElementSectionReader,
    ExportSectionReader, ExternalKind, FunctionSectionReader, GlobalSectionReader, ImportSectionReader,
    MemorySectionReader, Payload, TableInit, TableSectionReader, TypeRef, TypeSectionReader, ValType,
};

use crate::error::{CompileError, CompileResult};
use crate::microwasm::{FuncType, Type};
use crate::wasm::const_expr;
use crate::wasm::module::{
    ConstExpr, DataBytes, DataSegment, ElementSegment, Export, ExportKind, GlobalType, Import, ImportKind, Limits,
    MemoryType, ModuleInfo, SegmentMode, TableType,
};
use crate::wasm::refusal::{ref_type, value_type};
use std::sync::Arc;

/// Adds what a section declares to the module.
///
/// Code and custom sections declare nothing here.
///
/// # Errors
///
/// If the section uses what this compiler does not support.
pub fn declare(info: &mut ModuleInfo, payload: Payload<'_>) -> CompileResult<()> {
    match payload {
        Payload::TypeSection(section) => types(info, section),
        Payload::ImportSection(section) => imports(info, section),
        Payload::FunctionSection(section) => functions(info, section),
        Payload::TableSection(section) => tables(info, section),
        Payload::MemorySection(section) => memories(info, section),
        Payload::GlobalSection(section) => globals(info, section),
        Payload::ExportSection(section) => exports(info, section),
        Payload::ElementSection(section) => elements(info, section),
        Payload::DataSection(section) => data(info, section),
        Payload::DataCountSection { count, .. } => {
            info.data_count = Some(count);
            Ok(())
        }
        Payload::StartSection { func, .. } => {
            info.start = Some(func);
            Ok(())
        }
        _ => Ok(()),
    }
}

fn unsupported(offset: u64) -> impl Fn(&'static str) -> CompileError {
    move |feature| CompileError::Unsupported { offset, feature }
}

fn value_types(types: &[ValType], offset: u64) -> CompileResult<Box<[Type]>> {
    types.iter().map(|ty| value_type(*ty).map_err(unsupported(offset))).collect()
}

fn types(info: &mut ModuleInfo, section: TypeSectionReader<'_>) -> CompileResult<()> {
    info.types.reserve_exact(section.count() as usize);
    for group in section.into_iter_with_offsets() {
        let (offset, group) = group?;
        for ty in group.into_types() {
            let CompositeInnerType::Func(ty) = ty.composite_type.inner else {
                return Err(unsupported(offset)("gc"));
            };
            let (params, results) = (value_types(ty.params(), offset)?, value_types(ty.results(), offset)?);
            info.types.push(FuncType { params, results });
        }
    }
    Ok(())
}

fn imports(info: &mut ModuleInfo, section: ImportSectionReader<'_>) -> CompileResult<()> {
    for import in section.into_imports_with_offsets() {
        let (offset, import) = import?;
        let kind = match import.ty {
            TypeRef::Func(ty) => {
                info.funcs.push(ty);
                info.imported_funcs += 1;
                ImportKind::Func(ty)
            }
            TypeRef::Table(ty) => {
                let ty = table_type(ty, offset)?;
                info.tables.push(ty);
                info.imported_tables += 1;
                ImportKind::Table(ty)
            }
            TypeRef::Memory(ty) => {
                let ty = memory_type(ty);
                info.memories.push(ty);
                info.imported_memories += 1;
                ImportKind::Memory(ty)
            }
            TypeRef::Global(ty) => {
                let ty = global_type(ty, offset)?;
                info.globals.push(ty);
                info.imported_globals += 1;
                ImportKind::Global(ty)
            }
            TypeRef::Tag(_) => return Err(unsupported(offset)("exception-handling")),
            TypeRef::FuncExact(_) => return Err(unsupported(offset)("custom-descriptors")),
        };
        info.imports.push(Import { module: import.module.into(), name: import.name.into(), kind });
    }
    Ok(())
}

fn table_type(ty: wasmparser::TableType, offset: u64) -> CompileResult<TableType> {
    let element = ref_type(ty.element_type).map_err(unsupported(offset))?;
    Ok(TableType { element, limits: Limits { min: ty.initial, max: ty.maximum } })
}

fn memory_type(ty: wasmparser::MemoryType) -> MemoryType {
    MemoryType { limits: Limits { min: ty.initial, max: ty.maximum } }
}

fn global_type(ty: wasmparser::GlobalType, offset: u64) -> CompileResult<GlobalType> {
    let content = value_type(ty.content_type).map_err(unsupported(offset))?;
    Ok(GlobalType { content, mutable: ty.mutable })
}

fn functions(info: &mut ModuleInfo, section: FunctionSectionReader<'_>) -> CompileResult<()> {
    info.funcs.reserve_exact(section.count() as usize);
    for ty in section {
        info.funcs.push(ty?);
    }
    Ok(())
}

fn tables(info: &mut ModuleInfo, section: TableSectionReader<'_>) -> CompileResult<()> {
    for table in section.into_iter_with_offsets() {
        let (offset, table) = table?;
        if let TableInit::Expr(_) = table.init {
            return Err(unsupported(offset)("function-references"));
        }
        info.tables.push(table_type(table.ty, offset)?);
    }
    Ok(())
}

fn memories(info: &mut ModuleInfo, section: MemorySectionReader<'_>) -> CompileResult<()> {
    for memory in section {
        info.memories.push(memory_type(memory?));
    }
    Ok(())
}

fn globals(info: &mut ModuleInfo, section: GlobalSectionReader<'_>) -> CompileResult<()> {
    info.globals.reserve_exact(section.count() as usize);
    info.global_inits.reserve_exact(section.count() as usize);
    for global in section.into_iter_with_offsets() {
        let (offset, global) = global?;
        info.globals.push(global_type(global.ty, offset)?);
        info.global_inits.push(const_expr::read(&global.init_expr)?);
    }
    Ok(())
}

fn exports(info: &mut ModuleInfo, section: ExportSectionReader<'_>) -> CompileResult<()> {
    info.exports.reserve_exact(section.count() as usize);
    for export in section.into_iter_with_offsets() {
        let (offset, export) = export?;
        let kind = match export.kind {
            ExternalKind::Func => ExportKind::Func(export.index),
            ExternalKind::Table => ExportKind::Table(export.index),
            ExternalKind::Memory => ExportKind::Memory(export.index),
            ExternalKind::Global => ExportKind::Global(export.index),
            ExternalKind::Tag => return Err(unsupported(offset)("exception-handling")),
            ExternalKind::FuncExact => return Err(unsupported(offset)("custom-descriptors")),
        };
        info.exports.push(Export { name: export.name.into(), kind });
    }
    Ok(())
}

fn elements(info: &mut ModuleInfo, section: ElementSectionReader<'_>) -> CompileResult<()> {
    info.elements.reserve_exact(section.count() as usize);
    for segment in section.into_iter_with_offsets() {
        let (offset, segment) = segment?;
        let mode = match segment.kind {
            ElementKind::Passive => SegmentMode::Passive,
            ElementKind::Declared => SegmentMode::Declared,
            ElementKind::Active { table_index, offset_expr } => {
                SegmentMode::Active { index: table_index.unwrap_or(0), offset: const_expr::read(&offset_expr)? }
            }
        };
        let mut items = Vec::new();
        let element = match segment.items {
            ElementItems::Functions(functions) => {
                items.reserve_exact(functions.count() as usize);
                for function in functions {
                    items.push(ConstExpr::RefFunc(function?));
                }
                Type::FuncRef
            }
            ElementItems::Expressions(ty, expressions) => {
                items.reserve_exact(expressions.count() as usize);
                for expression in expressions {
                    items.push(const_expr::read(&expression?)?);
                }
                ref_type(ty).map_err(unsupported(offset))?
            }
        };
        info.elements.push(ElementSegment { mode, element, items: items.into() });
    }
    Ok(())
}

fn data(info: &mut ModuleInfo, section: DataSectionReader<'_>) -> CompileResult<()> {
    info.data.reserve_exact(section.count() as usize);
    let mut size = 0;
    for segment in section.clone() {
        size += segment?.data.len();
    }
    let mut all = Vec::with_capacity(size);
    for segment in section.clone() {
        all.extend_from_slice(segment?.data);
    }
    let (all, mut start) = (Arc::new(all.into_boxed_slice()), 0);
    for segment in section {
        let segment = segment?;
        let mode = match segment.kind {
            DataKind::Passive => SegmentMode::Passive,
            DataKind::Active { memory_index, offset_expr } => {
                SegmentMode::Active { index: memory_index, offset: const_expr::read(&offset_expr)? }
            }
        };
        let end = start + segment.data.len();
        info.data.push(DataSegment { mode, bytes: DataBytes::part(&all, start..end) });
        start = end;
    }
    Ok(())
}
