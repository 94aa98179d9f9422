//! What `wasm-validate` of WABT is known to let pass. Nothing is taken for a hole on the word of another engine: the
//! module itself must show it, or the validator contradict itself.

use super::validator::WasmValidate;
use crate::engine::Engine;
use crate::outcome::Rejection;
use crate::rewrite::bodies::rebuild;
use crate::rewrite::fuel::RewriteError;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use wasm_encoder::{Encode, HeapType, Ieee32, Ieee64, Instruction, RawSection};
use wasmparser::{BinaryReader, FunctionBody, Operator, Parser, Payload, TypeRef, ValType};

/// Something invalid that version 1.0.32 takes for valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hole {
    /// A data count that is not 0, without a data section: the two are compared only where the section begins.
    DataCount,
    /// `select` with a type: its operands are compared with the type, but its result counts as a value of any type,
    /// in reachable code, too, and for each type. `select` without a type is right.
    TypedSelect,
    /// A function body that leaves a block open.
    OpenBlock,
    /// A constant expression without `end`, at the end of its section.
    OpenConstant,
    /// `call_indirect` through a table whose elements are no functions.
    IndirectThroughExtern,
}

impl fmt::Display for Hole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Hole::DataCount => "a data count without a data section",
            Hole::TypedSelect => "the result of a select with a type, taken as another type",
            Hole::OpenBlock => "a function body that leaves a block open",
            Hole::OpenConstant => "a constant expression without an end",
            Hole::IndirectThroughExtern => "an indirect call through a table whose elements are no functions",
        })
    }
}

/// The hole through which a module passes that the validator takes for valid, if it is a known one.
pub(super) fn known(validator: &WasmValidate, wasm: &[u8]) -> Option<Hole> {
    if counts_no_data(wasm)? {
        return Some(Hole::DataCount);
    }
    let refuses = |wasm: &[u8]| matches!(validator.compile(wasm), Err(Rejection::Invalid(_)));
    // Where an expression ends does not depend on what follows: a section cannot be right with `end` after it and without.
    if EXPRESSIONS.iter().filter_map(|id| with_end(wasm, *id)).any(|ended| !refuses(&ended) && !refuses(wasm)) {
        return Some(Hole::OpenConstant);
    }
    if leaves_open(wasm)? {
        return Some(Hole::OpenBlock);
    }
    if calls_through_extern(wasm)? {
        return Some(Hole::IndirectThroughExtern);
    }
    // By the specification the other module is valid if and only if this one is.
    let retyped = retyped_selects(wasm)?;
    (refuses(&retyped) && !refuses(wasm)).then_some(Hole::TypedSelect)
}

/// The sections that hold constant expressions: globals, elements.
const EXPRESSIONS: [u8; 2] = [6, 9];

/// The sections after the header: each one's id and content. Ends where the module is malformed.
fn sections(wasm: &[u8]) -> impl Iterator<Item = Option<(u8, &[u8])>> {
    const HEADER: usize = 8;
    let mut reader = wasm.get(HEADER..).map(|sections| BinaryReader::new(sections, HEADER as u64));
    std::iter::from_fn(move || {
        let open = reader.as_mut()?;
        if open.eof() {
            return None;
        }
        let mut section = || {
            let id = open.read_u8().ok()?;
            let size = open.read_var_u32().ok()?;
            Some((id, open.read_bytes(size as usize).ok()?))
        };
        let section = section();
        if section.is_none() {
            reader = None;
        }
        Some(section)
    })
}

/// The module with `end` after the content of a section. `None` if it has no such section, or if it is malformed.
fn with_end(wasm: &[u8], id: u8) -> Option<Vec<u8>> {
    const END: u8 = 0x0b;
    let (mut module, mut found) = (wasm_encoder::Module::new(), false);
    for section in sections(wasm) {
        let (this, content) = section?;
        let mut data = Cow::Borrowed(content);
        if this == id {
            data.to_mut().push(END);
            found = true;
        }
        module.section(&RawSection { id: this, data: &data });
    }
    found.then(|| module.finish())
}

/// Whether a function body ends within a block. `None` if the module is malformed in another way.
fn leaves_open(wasm: &[u8]) -> Option<bool> {
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::CodeSectionEntry(body) = payload.ok()? {
            let mut reader = body.get_operators_reader().ok()?;
            let mut open: i64 = 1;
            while !reader.eof() {
                open += match reader.read().ok()? {
                    Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => 1,
                    Operator::End => -1,
                    _ => 0,
                };
            }
            if open > 0 {
                return Some(true);
            }
        }
    }
    Some(false)
}

/// Whether a `call_indirect` names a table whose elements are no functions. `None` if the module is malformed.
fn calls_through_extern(wasm: &[u8]) -> Option<bool> {
    let mut tables = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.ok()? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    if let TypeRef::Table(table) = import.ok()?.ty {
                        tables.push(table.element_type);
                    }
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    tables.push(table.ok()?.ty.element_type);
                }
            }
            Payload::CodeSectionEntry(body) => {
                for operator in body.get_operators_reader().ok()? {
                    if let Operator::CallIndirect { table_index, .. } = operator.ok()?
                        && tables.get(table_index as usize).is_some_and(|ty| !ty.is_func_ref())
                    {
                        return Some(true);
                    }
                }
            }
            _ => {}
        }
    }
    Some(false)
}

/// Whether there is a data count that is not 0, and no data section. Section by section: a parser has an opinion of its
/// own on that. `None` if the module is malformed.
fn counts_no_data(wasm: &[u8]) -> Option<bool> {
    const DATA: u8 = 11;
    const DATA_COUNT: u8 = 12;
    let mut counted = false;
    for section in sections(wasm) {
        match section? {
            (DATA, _) => return Some(false),
            (DATA_COUNT, content) => counted = BinaryReader::new(content, 0).read_var_u32().ok()? > 0,
            _ => {}
        }
    }
    Some(counted)
}

/// The module with the result of each `select` that has a type replaced by a constant of that type. `None` if there is
/// no such operator, or if the module is malformed.
fn retyped_selects(wasm: &[u8]) -> Option<Vec<u8>> {
    let mut selects = 0;
    let rebuilt = rebuild(wasm, |_, _| Ok(false), |_, body| retyped(wasm, body, &mut selects)).ok()?;
    (selects > 0).then_some(rebuilt)
}

fn retyped(wasm: &[u8], body: &FunctionBody<'_>, selects: &mut u64) -> Result<Option<Vec<u8>>, RewriteError> {
    let mut reader = body.get_operators_reader()?;
    let (mut bytes, mut copied) = (Vec::new(), body.range().start as usize);
    while !reader.eof() {
        if let Operator::TypedSelect { ty } = reader.read()? {
            let end = reader.original_position() as usize;
            bytes.extend_from_slice(&wasm[copied..end]);
            copied = end;
            Instruction::Drop.encode(&mut bytes);
            constant(ty)?.encode(&mut bytes);
            *selects += 1;
        }
    }
    bytes.extend_from_slice(&wasm[copied..body.range().end as usize]);
    Ok(Some(bytes))
}

/// An operator that pushes a value of a type.
fn constant(ty: ValType) -> Result<Instruction<'static>, RewriteError> {
    Ok(match ty {
        ValType::I32 => Instruction::I32Const(0),
        ValType::I64 => Instruction::I64Const(0),
        ValType::F32 => Instruction::F32Const(Ieee32::new(0)),
        ValType::F64 => Instruction::F64Const(Ieee64::new(0)),
        ValType::V128 => Instruction::V128Const(0),
        ValType::FUNCREF => Instruction::RefNull(HeapType::FUNC),
        ValType::EXTERNREF => Instruction::RefNull(HeapType::EXTERN),
        ValType::Ref(_) => return Err(RewriteError::Unsupported(format!("a reference of type {ty}"))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(text: &str) -> Vec<u8> {
        wat::parse_str(text).expect("well-formed text")
    }

    #[test]
    fn what_takes_the_place_of_a_select_is_as_valid() {
        let function = |ty: &str, value: &str, taker: &str| {
            module(&format!(
                "(module (func (local i64) (local $r externref) nop
                   (select (result {ty}) ({value}) ({value}) (i32.const 1)) {taker}))"
            ))
        };
        for (ty, value, taker, other) in [
            ("i32", "i32.const 1", "i32.eqz drop", "i64.eqz drop"),
            ("i64", "i64.const 1", "local.set 0", "local.set $r"),
            ("f32", "f32.const 1", "f32.neg drop", "local.set 0"),
            ("f64", "f64.const 1", "f64.neg drop", "f32.neg drop"),
            ("v128", "v128.const i64x2 1 2", "v128.not drop", "local.set 0"),
            ("funcref", "ref.null func", "ref.is_null drop", "local.set $r"),
            ("externref", "ref.null extern", "local.set $r", "i32.eqz drop"),
        ] {
            for (taker, valid) in [(taker, true), (other, false)] {
                let wasm = function(ty, value, taker);
                let retyped = retyped_selects(&wasm).expect("there is one");
                assert_eq!(wasmparser::validate(&wasm).is_ok(), valid, "{ty} {taker}");
                assert_eq!(wasmparser::validate(&retyped).is_ok(), valid, "{ty} {taker}, retyped");
            }
        }
        assert_eq!(retyped_selects(&module("(module (func))")), None);
        assert_eq!(retyped_selects(b"\0asm\x01\0\0\0\x0a\x01\x01"), None);
    }

    #[test]
    fn a_count_without_data_shows_in_the_module() {
        let with = |sections: &[(u8, &[u8])]| {
            let mut module = wasm_encoder::Module::new();
            for (id, data) in sections {
                module.section(&RawSection { id: *id, data });
            }
            module.finish()
        };
        let counted = with(&[(12, &[1])]);
        assert_eq!(counts_no_data(&counted), Some(true));
        assert_eq!(counts_no_data(&with(&[(12, &[0])])), Some(false));
        assert_eq!(counts_no_data(&with(&[(12, &[2]), (11, &[1, 1, 0])])), Some(false));
        assert_eq!(counts_no_data(&counted[..counted.len() - 1]), None);
    }

    /// A module of one function with these operators, and one global that begins as this expression says.
    fn function_and_global(operators: &[u8], expression: &[u8]) -> Vec<u8> {
        let mut module = wasm_encoder::Module::new();
        let body = [&[operators.len() as u8 + 1, 0], operators].concat();
        for (id, data) in [
            (1, &[1, 0x60, 0, 0][..]),
            (3, &[1, 0]),
            (6, &[&[1, 0x7e, 0], expression].concat()),
            (10, &[&[1], &body[..]].concat()),
        ] {
            module.section(&RawSection { id, data });
        }
        module.finish()
    }

    const NOP: u8 = 0x01;
    const BLOCK: [u8; 2] = [0x02, 0x40];
    const END: u8 = 0x0b;
    const ZERO: [u8; 3] = [0x42, 0x00, END];

    #[test]
    fn blocks_are_counted() {
        let closed = [&BLOCK[..], &[NOP, END, END]].concat();
        let open = [&BLOCK[..], &BLOCK[..], &[NOP, END, END]].concat();
        assert_eq!(leaves_open(&function_and_global(&closed, &ZERO)), Some(false));
        assert_eq!(leaves_open(&function_and_global(&open, &ZERO)), Some(true));
        assert_eq!(leaves_open(&function_and_global(&[0xff, END], &ZERO)), None);
    }

    #[test]
    fn an_end_is_put_behind_a_section() {
        let without = function_and_global(&[END], &ZERO[..2]);
        assert_eq!(with_end(&without, 6), Some(function_and_global(&[END], &ZERO)));
        assert_eq!(with_end(&without, 9), None);
        assert_eq!(with_end(&without[..without.len() - 1], 6), None);
    }

    #[test]
    fn the_table_of_an_indirect_call_is_looked_up() {
        let calls = |tables: &str, index: u32| {
            module(&format!("(module {tables} (func (call_indirect {index} (i32.const 0))))"))
        };
        let tables = r#"(import "m" "t" (table 1 externref)) (table 1 funcref) (table 1 externref)"#;
        assert_eq!(calls_through_extern(&calls(tables, 0)), Some(true));
        assert_eq!(calls_through_extern(&calls(tables, 1)), Some(false));
        assert_eq!(calls_through_extern(&calls(tables, 2)), Some(true));
        assert_eq!(calls_through_extern(&calls("(table 1 funcref)", 0)[..20]), None);
    }

    /// Where the validator is installed and has the holes, they are known; and nothing else is.
    #[test]
    fn holes_are_known_and_nothing_else_is() {
        let Ok(validator) = WasmValidate::find() else { return };
        let select = |taker: &str| {
            module(&format!(
                "(module (func (local i64) (select (result f32) (f32.const 1) (f32.const 1) (i32.const 1)) {taker}))"
            ))
        };
        let (wrong, right) = (select("local.set 0"), select("drop"));
        let passes = validator.compile(&wrong).is_ok();
        assert_eq!(known(&validator, &wrong), passes.then_some(Hole::TypedSelect));
        assert_eq!(known(&validator, &right), None);
        // It refuses this one itself, and for another reason.
        let other = select("drop (local.set 0 (f32.const 1))");
        assert_eq!(known(&validator, &other), None);

        // The constant's last byte is that of an `end`, too, but belongs to the number.
        let unended = function_and_global(&[END], &[0x42, 0xff, END]);
        let passes = validator.compile(&unended).is_ok();
        assert_eq!(known(&validator, &unended), passes.then_some(Hole::OpenConstant));
        let open = function_and_global(&[&BLOCK[..], &[NOP, END]].concat(), &ZERO);
        let passes = validator.compile(&open).is_ok();
        assert_eq!(known(&validator, &open).filter(|_| passes), passes.then_some(Hole::OpenBlock));
        assert_eq!(known(&validator, &function_and_global(&[END], &ZERO)), None);
        let indirect = module("(module (table 1 externref) (func (call_indirect (i32.const 0))))");
        let passes = validator.compile(&indirect).is_ok();
        assert_eq!(known(&validator, &indirect).filter(|_| passes), passes.then_some(Hole::IndirectThroughExtern));
    }
}
