//! Writes everything of a module that is not code.

use super::leb;
use crate::microwasm::{Const, Type, VERSION};
use crate::wasm::module::{
    ConstExpr, DataSegment, ElementSegment, ExportKind, GlobalType, ImportKind, Limits, ModuleInfo, SegmentMode,
};

/// How a list of parameters says that its types follow.
pub(super) const INLINE: u32 = 8;
/// How a list of parameters names the parameters of type 0; its results, and the types after it, follow.
pub(super) const FIRST_TYPE: u32 = 9;

/// The kinds of constant expressions; those of `Const` are their type's number.
pub(super) const GLOBAL_GET: u8 = 0x10;
pub(super) const REF_FUNC: u8 = 0x11;

/// The kinds of segments: the modes, `ZERO` for an active one of memory or table 0, and whether all
/// items are references to functions.
pub(super) const ZERO: u8 = 0;
pub(super) const PASSIVE: u8 = 1;
pub(super) const DECLARED: u8 = 2;
pub(super) const ACTIVE: u8 = 3;
pub(super) const FUNCTIONS: u8 = 4;

fn number(out: &mut Vec<u8>, value: u32) {
    leb::unsigned(out, value.into());
}

fn count<T>(out: &mut Vec<u8>, items: &[T]) {
    leb::unsigned(out, items.len() as u64);
}

/// A list of types, with its length.
pub(super) fn types(out: &mut Vec<u8>, types: &[Type]) {
    count(out, types);
    out.extend(types.iter().map(|ty| *ty as u8));
}

fn name(out: &mut Vec<u8>, name: &str) {
    count(out, name.as_bytes());
    out.extend(name.as_bytes());
}

fn limits(out: &mut Vec<u8>, limits: Limits) {
    out.push(limits.max.is_some().into());
    leb::unsigned(out, limits.min);
    if let Some(max) = limits.max {
        leb::unsigned(out, max);
    }
}

fn global_type(out: &mut Vec<u8>, ty: GlobalType) {
    out.push(ty.content as u8 | u8::from(ty.mutable) << 4);
}

fn const_expr(out: &mut Vec<u8>, expr: &ConstExpr) {
    match *expr {
        ConstExpr::Const(value) => {
            out.push(value.ty() as u8);
            match value {
                Const::I32(value) => leb::signed(out, value.into()),
                Const::I64(value) => leb::signed(out, value),
                Const::F32(bits) => out.extend(bits.to_le_bytes()),
                Const::F64(bits) => out.extend(bits.to_le_bytes()),
                Const::V128(bytes) => out.extend(bytes),
                Const::Null(_) => {}
            }
        }
        ConstExpr::GlobalGet(index) => {
            out.push(GLOBAL_GET);
            number(out, index);
        }
        ConstExpr::RefFunc(index) => {
            out.push(REF_FUNC);
            number(out, index);
        }
    }
}

/// The header and everything before the code.
pub(super) fn declarations(out: &mut Vec<u8>, info: &ModuleInfo) {
    out.extend(super::MAGIC);
    number(out, VERSION);
    count(out, &info.types);
    for ty in &info.types {
        types(out, &ty.params);
        types(out, &ty.results);
    }
    count(out, &info.imports);
    for import in &info.imports {
        name(out, &import.module);
        name(out, &import.name);
        match import.kind {
            ImportKind::Func(ty) => {
                out.push(0);
                number(out, ty);
            }
            ImportKind::Table(ty) => {
                out.extend([1, ty.element as u8]);
                limits(out, ty.limits);
            }
            ImportKind::Memory(ty) => {
                out.push(2);
                limits(out, ty.limits);
            }
            ImportKind::Global(ty) => {
                out.push(3);
                global_type(out, ty);
            }
        }
    }
    let funcs = info.funcs.get(info.imported_funcs as usize..).unwrap_or_default();
    count(out, funcs);
    funcs.iter().for_each(|ty| number(out, *ty));
    let tables = info.tables.get(info.imported_tables as usize..).unwrap_or_default();
    count(out, tables);
    for table in tables {
        out.push(table.element as u8);
        limits(out, table.limits);
    }
    let memories = info.memories.get(info.imported_memories as usize..).unwrap_or_default();
    count(out, memories);
    memories.iter().for_each(|memory| limits(out, memory.limits));
    count(out, &info.global_inits);
    for (ty, init) in info.globals.iter().skip(info.imported_globals as usize).zip(&info.global_inits) {
        global_type(out, *ty);
        const_expr(out, init);
    }
    count(out, &info.exports);
    for export in &info.exports {
        name(out, &export.name);
        let (kind, index) = match export.kind {
            ExportKind::Func(index) => (0, index),
            ExportKind::Table(index) => (1, index),
            ExportKind::Memory(index) => (2, index),
            ExportKind::Global(index) => (3, index),
        };
        out.push(kind);
        number(out, index);
    }
    optional(out, info.start);
    count(out, &info.elements);
    info.elements.iter().for_each(|segment| element(out, segment));
    optional(out, info.data_count);
}

fn optional(out: &mut Vec<u8>, value: Option<u32>) {
    out.push(value.is_some().into());
    if let Some(value) = value {
        number(out, value);
    }
}

/// A segment's kind, with a flag, and its mode's immediates.
fn mode(out: &mut Vec<u8>, mode: &SegmentMode, flag: u8) {
    match mode {
        SegmentMode::Passive => out.push(PASSIVE | flag),
        SegmentMode::Declared => out.push(DECLARED | flag),
        SegmentMode::Active { index: 0, offset: ConstExpr::Const(Const::I32(offset)) } => {
            out.push(ZERO | flag);
            leb::signed(out, (*offset).into());
        }
        SegmentMode::Active { index, offset } => {
            out.push(ACTIVE | flag);
            number(out, *index);
            const_expr(out, offset);
        }
    }
}

fn element(out: &mut Vec<u8>, segment: &ElementSegment) {
    let function = |item: &ConstExpr| matches!(item, ConstExpr::RefFunc(_));
    let functions = segment.element == Type::FuncRef && segment.items.iter().all(function);
    mode(out, &segment.mode, if functions { FUNCTIONS } else { 0 });
    if !functions {
        out.push(segment.element as u8);
    }
    count(out, &segment.items);
    for item in &segment.items {
        match item {
            ConstExpr::RefFunc(index) if functions => number(out, *index),
            _ => const_expr(out, item),
        }
    }
}

/// A data segment.
pub(super) fn data(out: &mut Vec<u8>, segment: &DataSegment) {
    mode(out, &segment.mode, 0);
    count(out, &segment.bytes);
    out.extend(&*segment.bytes);
}
