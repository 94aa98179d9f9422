//! Reads everything of a module that is not code: one declaration after the other.

use super::format::TYPES;
use super::leb::{Read, Reader, bad};
use super::module_out::{ACTIVE, DECLARED, FUNCTIONS, GLOBAL_GET, PASSIVE, REF_FUNC, ZERO};
use crate::microwasm::check::{Fault, MAX_LIST};
use crate::microwasm::{Const, FuncType, Type};
use crate::wasm::module::{
    ConstExpr, Export, ExportKind, GlobalType, Import, ImportKind, Limits, MemoryType, SegmentMode, TableType,
};

pub(super) fn ty(reader: &mut Reader<'_>) -> Read<Type> {
    let byte = reader.byte()?;
    TYPES.get(usize::from(byte)).copied().ok_or_else(|| bad(format!("there is no type {byte}")))
}

pub(super) fn types(reader: &mut Reader<'_>) -> Read<Box<[Type]>> {
    let count = reader.u32()? as usize;
    if count > MAX_LIST {
        return Err(Box::new(Fault::Limit("types in a list")).into());
    }
    let mut bytes = Reader::new(reader.bytes(count)?);
    (0..count).map(|_| ty(&mut bytes)).collect()
}

pub(super) fn func_type(reader: &mut Reader<'_>) -> Read<FuncType> {
    Ok(FuncType { params: types(reader)?, results: types(reader)? })
}

fn name(reader: &mut Reader<'_>) -> Read<Box<str>> {
    let count = reader.u32()? as usize;
    match std::str::from_utf8(reader.bytes(count)?) {
        Ok(name) => Ok(name.into()),
        Err(_) => Err(bad("a name is not UTF-8")),
    }
}

/// Whether something follows.
pub(super) fn flag(reader: &mut Reader<'_>) -> Read<bool> {
    match reader.byte()? {
        0 => Ok(false),
        1 => Ok(true),
        byte => Err(bad(format!("{byte} is neither 0 nor 1"))),
    }
}

pub(super) fn optional(reader: &mut Reader<'_>) -> Read<Option<u32>> {
    if flag(reader)? { reader.u32().map(Some) } else { Ok(None) }
}

fn limits(reader: &mut Reader<'_>) -> Read<Limits> {
    let bounded = flag(reader)?;
    let min = reader.u64()?;
    Ok(Limits { min, max: if bounded { Some(reader.u64()?) } else { None } })
}

pub(super) fn memory_type(reader: &mut Reader<'_>) -> Read<MemoryType> {
    Ok(MemoryType { limits: limits(reader)? })
}

pub(super) fn table_type(reader: &mut Reader<'_>) -> Read<TableType> {
    Ok(TableType { element: ty(reader)?, limits: limits(reader)? })
}

pub(super) fn global_type(reader: &mut Reader<'_>) -> Read<GlobalType> {
    let byte = reader.byte()?;
    match TYPES.get(usize::from(byte & 0xF)) {
        Some(content) if byte < 0x20 => Ok(GlobalType { content: *content, mutable: byte & 0x10 != 0 }),
        _ => Err(bad(format!("there is no type of globals {byte:#x}"))),
    }
}

pub(super) fn import(reader: &mut Reader<'_>) -> Read<Import> {
    let (module, name) = (name(reader)?, name(reader)?);
    let kind = match reader.byte()? {
        0 => ImportKind::Func(reader.u32()?),
        1 => ImportKind::Table(table_type(reader)?),
        2 => ImportKind::Memory(memory_type(reader)?),
        3 => ImportKind::Global(global_type(reader)?),
        kind => return Err(bad(format!("there is no kind of imports {kind}"))),
    };
    Ok(Import { module, name, kind })
}

pub(super) fn export(reader: &mut Reader<'_>) -> Read<Export> {
    let name = name(reader)?;
    let kind = match reader.byte()? {
        0 => ExportKind::Func,
        1 => ExportKind::Table,
        2 => ExportKind::Memory,
        3 => ExportKind::Global,
        kind => return Err(bad(format!("there is no kind of exports {kind}"))),
    };
    Ok(Export { name, kind: kind(reader.u32()?) })
}

/// The bits of an `f32`.
pub(super) fn f32(reader: &mut Reader<'_>) -> Read<u32> {
    Ok(reader.bytes(4)?.iter().rev().fold(0, |bits, byte| bits << 8 | u32::from(*byte)))
}

/// The bits of an `f64`.
pub(super) fn f64(reader: &mut Reader<'_>) -> Read<u64> {
    Ok(reader.bytes(8)?.iter().rev().fold(0, |bits, byte| bits << 8 | u64::from(*byte)))
}

/// The bytes of a vector.
pub(super) fn v128(reader: &mut Reader<'_>) -> Read<[u8; 16]> {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(reader.bytes(16)?);
    Ok(bytes)
}

pub(super) fn const_expr(reader: &mut Reader<'_>) -> Read<ConstExpr> {
    let kind = reader.byte()?;
    Ok(match (kind, TYPES.get(usize::from(kind))) {
        (GLOBAL_GET, _) => ConstExpr::GlobalGet(reader.u32()?),
        (REF_FUNC, _) => ConstExpr::RefFunc(reader.u32()?),
        (_, Some(Type::I32)) => ConstExpr::Const(Const::I32(reader.i32()?)),
        (_, Some(Type::I64)) => ConstExpr::Const(Const::I64(reader.i64()?)),
        (_, Some(Type::F32)) => ConstExpr::Const(Const::F32(f32(reader)?)),
        (_, Some(Type::F64)) => ConstExpr::Const(Const::F64(f64(reader)?)),
        (_, Some(Type::V128)) => ConstExpr::Const(Const::V128(v128(reader)?)),
        (_, Some(ty)) if ty.is_ref() => ConstExpr::Const(Const::Null(*ty)),
        _ => return Err(bad(format!("there is no kind of constants {kind:#x}"))),
    })
}

/// How a segment begins: its mode, and whether its items are functions.
pub(super) fn mode(reader: &mut Reader<'_>) -> Read<(SegmentMode, bool)> {
    let kind = reader.byte()?;
    let mode = match kind & !FUNCTIONS {
        ZERO => SegmentMode::Active { index: 0, offset: ConstExpr::Const(Const::I32(reader.i32()?)) },
        PASSIVE => SegmentMode::Passive,
        DECLARED => SegmentMode::Declared,
        ACTIVE => SegmentMode::Active { index: reader.u32()?, offset: const_expr(reader)? },
        _ => return Err(bad(format!("there is no kind of segments {kind}"))),
    };
    Ok((mode, kind & FUNCTIONS != 0))
}
