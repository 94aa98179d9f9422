//! Turns the parser's and validator's refusals into typed errors.

use wasmparser::{BlockType, HeapType, RefType, ValType};

use crate::error::CompileError;
use crate::microwasm::Type;
use crate::wasm::features;

/// Words in the validator's messages that tell a limit of the implementation from a rule of the
/// language, and the limit's name. The first row that fits counts.
const LIMITS: [(&str, &str); 23] = [
    ("types count exceeds limit", "types"),
    ("functions count exceeds limit", "functions"),
    ("imports count exceeds limit", "imports"),
    ("exports count exceeds limit", "exports"),
    ("globals count exceeds limit", "globals"),
    ("tables count exceeds limit", "tables"),
    ("tags count exceeds limit", "tags"),
    ("element segments count exceeds limit", "element segments"),
    ("number of elements count exceeds limit", "elements of a segment"),
    ("number of elements is out of bounds", "elements of a segment"),
    ("data segments count exceeds limit", "data segments"),
    ("too many data segments", "data segments"),
    ("effective type size exceeds", "size of a type"),
    ("too many locals", "locals of a function"),
    ("string size out of bounds", "bytes of a name"),
    ("function params size is out of bounds", "parameters of a function"),
    ("function returns size is out of bounds", "results of a function"),
    ("br_table size is out of bounds", "entries of a br_table"),
    ("type index too large", "types"),
    ("type index greater than implementation limits", "types"),
    ("minimum table size is out of bounds", "elements of a table"),
    ("implementation limit", "a limit of the validator"),
    ("count exceeds limit", "a count"),
];

/// The typed error for a refusal by the parser or the validator.
pub fn refuse(error: &wasmparser::Error) -> CompileError {
    let (offset, message) = (error.offset(), error.message());
    if let Some(feature) = error.missing_wasm_feature() {
        return CompileError::Unsupported { offset, feature: features::name(feature) };
    }
    if message == "multiple memories" {
        return CompileError::Unsupported { offset, feature: "multi-memory" };
    }
    match LIMITS.iter().find(|(words, _)| message.contains(words)) {
        Some((_, limit)) => CompileError::Limit { offset, limit },
        None => CompileError::Invalid { offset, message: message.to_string() },
    }
}

/// Whether the parser came to the end of its bytes in the middle of something.
pub fn is_cut_off(error: &wasmparser::Error) -> bool {
    error.message() == "unexpected end-of-file"
}

/// The type of a value, if this compiler has it; the name of the missing feature otherwise.
pub fn value_type(ty: ValType) -> Result<Type, &'static str> {
    match ty {
        ValType::I32 => Ok(Type::I32),
        ValType::I64 => Ok(Type::I64),
        ValType::F32 => Ok(Type::F32),
        ValType::F64 => Ok(Type::F64),
        ValType::V128 => Ok(Type::V128),
        ValType::Ref(ty) => ref_type(ty),
    }
}

/// As [`value_type`], for reference types.
pub fn ref_type(ty: RefType) -> Result<Type, &'static str> {
    match ty {
        RefType::FUNCREF => Ok(Type::FuncRef),
        RefType::EXTERNREF => Ok(Type::ExternRef),
        _ => Err("function-references"),
    }
}

/// As [`value_type`], for the operand of `ref.null`.
pub fn heap_type(ty: HeapType) -> Result<Type, &'static str> {
    match ty {
        HeapType::FUNC => Ok(Type::FuncRef),
        HeapType::EXTERN => Ok(Type::ExternRef),
        _ => Err("function-references"),
    }
}

/// As [`value_type`], for the type of a block.
pub fn block_type(ty: BlockType) -> Result<crate::microwasm::lower::control::BlockType, &'static str> {
    use crate::microwasm::lower::control::BlockType as Lowered;
    Ok(match ty {
        BlockType::Empty => Lowered::Empty,
        BlockType::Type(ty) => Lowered::Value(value_type(ty)?),
        BlockType::FuncType(index) => Lowered::Func(index),
    })
}
