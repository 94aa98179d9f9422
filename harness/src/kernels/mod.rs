//! A kernel for each operator: a loop around some copies of it and of little else, so that what one operator costs can be
//! told from everything else, and a change of its code be told by its name.
//!
//! What an operator takes comes from memory before the loop, so nobody knows it; where it can, an operator takes its own
//! last result, so that no copy can be left out.

pub mod code;
pub mod time;

use crate::generate::draft::{Body, Draft, NUMBERS};
use crate::generate::grid::edges::Domain;
use crate::generate::grid::items::{self, Consumer, Form, Item};
use crate::generate::grid::lanes;
use crate::generate::vectors::Shape;
use crate::rewrite::operators;
use crate::value::{Value, ValueType};
use ValueType::{ExternRef, F32, F64, FuncRef, I32, I64, V128};
use std::collections::BTreeSet;
use std::ops::Range;
use wasm_encoder::Instruction as I;
use wasmparser::{Operator, Parser, Payload};

/// How often the operator stands in the loop.
pub const COPIES: u32 = 8;
/// The operators behind the copies: the counter, and the ends of the loop and of the function.
const TAIL: usize = 7;
/// Where operands are loaded from, and where results that nothing takes are stored.
const OPERANDS: u32 = 0x100;
const RESULTS: u64 = 0x300;
/// An address that operators on memory get.
const ADDRESS: u32 = 0x200;
/// The types whose values there are: a function that yields its argument, and a global, for each.
const TYPES: [ValueType; 7] = [I32, I64, F32, F64, FuncRef, ExternRef, V128];

/// A kernel.
#[derive(Debug, Clone)]
pub struct Kernel {
    /// The operator's name in the text format, with what tells it from others of this name: who takes its result, or the
    /// type that it works on.
    pub name: String,
    /// The operator's name alone.
    pub operator: String,
    /// The module.
    pub wasm: Vec<u8>,
    /// The export that takes the number of turns.
    pub export: String,
    /// The Wasm offsets of what is in the loop but for the counter.
    pub body: Range<u64>,
}

/// The kernels of all operators, by family, each name once.
pub fn all() -> Vec<Kernel> {
    let mut seen = BTreeSet::new();
    let mut kernels: Vec<Kernel> = items().iter().filter_map(kernel).collect();
    kernels.retain(|kernel| seen.insert(kernel.name.clone()));
    kernels
}

/// What there are kernels for.
fn items() -> Vec<Item> {
    let consumers = [Consumer::BrIf, Consumer::Select];
    let wanted = |item: &Item| match item.form {
        Form::Consumed(_, consumer) => consumers.contains(&consumer),
        Form::Other(..) => false,
        Form::Access(_, offset) => offset == 0,
        _ => true,
    };
    let mut all: Vec<Item> = items::items().into_iter().filter(wanted).collect();
    for ty in TYPES {
        all.extend(items::of_any_type(ty));
        all.push(other(vec![(ty, Domain::Any)], ty, |_, body, ty| body.i(I::Call(callee(ty)))));
        if NUMBERS.contains(&ty) || ty == V128 {
            all.push(other(Vec::new(), ty, |_, body, ty| body.constant(value(ty, Domain::Any, 0))));
        }
    }
    all.extend(items::memory());
    all.extend(items::tables());
    all.extend(lanes::items().into_iter().filter(|item| wanted(item) || matches!(item.form, Form::Encoded(_))));
    all.extend(lanes::relaxed().into_iter().filter(wanted));
    all
}

fn other(params: Vec<(ValueType, Domain)>, ty: ValueType, emit: fn(&mut Draft, &mut Body, ValueType)) -> Item {
    Item { params, results: vec![ty], form: Form::Other(emit, ty) }
}

/// The function that yields its argument of this type.
fn callee(ty: ValueType) -> u32 {
    TYPES.iter().position(|known| *known == ty).unwrap_or_default() as u32
}

/// What an operand is at first.
fn value(ty: ValueType, domain: Domain, at: usize) -> Value {
    let first = at == 0;
    match (ty, domain) {
        (I32, Domain::Address(_)) => Value::I32(ADDRESS),
        (I32, Domain::Small) => Value::I32(1),
        (I32, _) => Value::I32(if first { 123_456_789 } else { 3 }),
        (I64, _) => Value::I64(if first { 1_234_567_890_123_456_789 } else { 3 }),
        (F32, _) => Value::F32((if first { 1.5f32 } else { 1.0 }).to_bits()),
        (F64, _) => Value::F64((if first { 1.5f64 } else { 1.0 }).to_bits()),
        (V128, Domain::Lanes(Shape::F32x4)) => {
            let lane = u128::from((if first { 1.5f32 } else { 1.0 }).to_bits());
            Value::V128(lane | lane << 32 | lane << 64 | lane << 96)
        }
        (V128, Domain::Lanes(Shape::F64x2)) => {
            let lane = u128::from((if first { 1.5f64 } else { 1.0 }).to_bits());
            Value::V128(lane | lane << 64)
        }
        (V128, _) if first => Value::V128(0x0f0e_0d0c_0b0a_0908_0706_0504_0302_0100),
        (V128, _) => Value::V128(u128::from_le_bytes([3; 16])),
        (FuncRef | ExternRef, _) => ty.zero(),
    }
}

/// The bytes of a value in memory.
fn bytes(value: Value) -> Vec<u8> {
    match value {
        Value::I32(bits) | Value::F32(bits) => bits.to_le_bytes().into(),
        Value::I64(bits) | Value::F64(bits) => bits.to_le_bytes().into(),
        Value::V128(bits) => bits.to_le_bytes().into(),
        Value::FuncRef(_) | Value::ExternRef(_) => Vec::new(),
    }
}

/// A kernel for an item; `None` for one that traps with every operand that a kernel has.
fn kernel(item: &Item) -> Option<Kernel> {
    let (operator, others) = written(item)?;
    if others.contains(&"Unreachable") {
        return None;
    }
    let text = operators::text(operator);
    let name = match item.form {
        Form::Consumed(_, consumer) => {
            format!("{text} + {}", if consumer == Consumer::BrIf { "br_if" } else { "select" })
        }
        Form::Other(_, ty) if !text.contains('.') || text.starts_with("local") || text.starts_with("global") => {
            format!("{text} ({})", type_name(ty))
        }
        Form::Other(_, ty) if text.starts_with("table") && ty == ExternRef => format!("{text} ({})", type_name(ty)),
        _ => text.clone(),
    };

    let mut draft = Draft::default();
    (draft.memory, draft.vectors) = (Some((1, 1)), true);
    draft.tables = vec![(FuncRef, 8, 12), (ExternRef, 4, 8)];
    TYPES.iter().for_each(|ty| _ = draft.global(ty.zero()));
    for ty in TYPES {
        let mut body = Body::new(&[ty]);
        body.get(0);
        draft.func(&[ty], body);
    }
    let callees = (0..TYPES.len() as u32).map(Some).collect();
    draft.elements = vec![(Some((0, 0)), callees), (None, vec![Some(1), None, Some(0)])];

    let mut body = Body::new(&[I32]);
    let mut operands = Vec::new();
    for (at, (ty, domain)) in item.params.iter().enumerate() {
        let local = body.local(*ty);
        operands.push(local);
        let mut first = value(*ty, *domain, at);
        match (text.as_str(), domain) {
            // The function's number in the table is its type's.
            ("call_indirect", Domain::Small) => first = Value::I32(callee(item.params[0].0)),
            // By nothing: it may be asked for again and again.
            ("memory.grow" | "table.grow", Domain::Small) => first = Value::I32(0),
            _ => {}
        }
        let place = OPERANDS + 16 * at as u32;
        let initial = bytes(first);
        if !initial.is_empty() {
            draft.data.push((Some(place), initial));
            body.i32(0);
            body.load(*ty, place.into());
            body.set(local);
        }
    }
    // The passive segment that operators name.
    if draft.data.is_empty() {
        draft.data.push((Some(0), vec![0]));
    }
    draft.data.insert(1, (None, vec![0x81, 2, 0xfe, 4, 5]));
    let results: Vec<u32> = item.results.iter().map(|ty| body.local(*ty)).collect();
    let chained = item.params.first().zip(item.results.first()).is_some_and(|((ty, domain), result)| {
        ty == result && matches!(domain, Domain::Any | Domain::Lanes(_)) && !bytes(ty.zero()).is_empty()
    });
    body.i(I::Loop(wasm_encoder::BlockType::Empty));
    for _ in 0..COPIES {
        item.prepare(&mut body);
        operands.iter().for_each(|local| body.get(*local));
        item.emit(&mut draft, &mut body);
        results.iter().rev().for_each(|local| body.set(*local));
        for (at, (local, ty)) in results.iter().zip(&item.results).enumerate() {
            if chained && at == 0 {
                body.get(*local);
                body.set(operands[0]);
                continue;
            }
            body.i32(0);
            body.get(*local);
            let data = NUMBERS.contains(ty) || *ty == V128;
            if !data {
                body.i(I::RefIsNull);
            }
            body.store(if data { *ty } else { I32 }, RESULTS + 16 * at as u64);
        }
    }
    body.get(0);
    body.i32(-1);
    body.i(I::I32Add);
    body.tee(0);
    body.i(I::BrIf(0));
    body.i(I::End);
    let func = draft.func(&[], body);
    let wasm = draft.finish();
    let body = region(&wasm, func)?;
    Some(Kernel { name, operator: text, wasm, export: format!("f{func}"), body })
}

/// The name in the text format of the operator that an item of the grid is about.
pub fn operator(item: &Item) -> Option<String> {
    Some(operators::text(written(item)?.0))
}

fn type_name(ty: ValueType) -> &'static str {
    match ty {
        I32 => "i32",
        I64 => "i64",
        F32 => "f32",
        F64 => "f64",
        V128 => "v128",
        FuncRef => "funcref",
        ExternRef => "externref",
    }
}

/// The operator that an item is about, and all that it writes, by name.
fn written(item: &Item) -> Option<(&'static str, Vec<&'static str>)> {
    let mut draft = Draft::default();
    let mut body = Body::new(&[]);
    item.emit(&mut draft, &mut body);
    let func = draft.func(&[], body);
    let names: Vec<&'static str> =
        operators_of(&draft.finish(), func)?.iter().map(|(operator, _)| operators::name(operator)).collect();
    let scenery = |name: &&&str| {
        matches!(**name, "Block" | "End" | "Else" | "Nop" | "Drop" | "LocalGet" | "LocalSet" | "LocalTee")
            || name.ends_with("Const")
    };
    let first = names.iter().find(|name| !scenery(name)).or(names.first())?;
    Some((first, names.clone()))
}

/// The operators of a function with their offsets.
fn operators_of(wasm: &[u8], func: u32) -> Option<Vec<(Operator<'_>, u64)>> {
    let bodies = Parser::new(0).parse_all(wasm).filter_map(|payload| match payload {
        Ok(Payload::CodeSectionEntry(body)) => Some(body),
        _ => None,
    });
    let body = bodies.into_iter().nth(func as usize)?;
    let operators = body.get_operators_reader().ok()?.into_iter_with_offsets();
    operators.map(Result::ok).collect()
}

/// The offsets of what is in the outer loop of a kernel but for the counter.
fn region(wasm: &[u8], func: u32) -> Option<Range<u64>> {
    let operators = operators_of(wasm, func)?;
    let start = operators.iter().position(|(operator, _)| matches!(operator, Operator::Loop { .. }))?;
    let end = operators.len().checked_sub(TAIL)?;
    Some(operators.get(start + 1)?.1..operators.get(end)?.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_has_a_kernel_that_runs_and_a_name() {
        let kernels = all();
        let names: BTreeSet<&str> = kernels.iter().map(|kernel| kernel.operator.as_str()).collect();
        for wanted in ["i32.add", "f64.sqrt", "i32.div_s", "i64.load8_s", "select", "call", "i8x16.shuffle"] {
            assert!(names.contains(wanted), "{wanted} is not among {names:?}");
        }
        // All of Wasm 2.0 and relaxed vectors, but for what has no code of its own.
        assert!(names.len() > 420, "{}: {names:?}", names.len());
        let (engine, cranelift) = (time::engine().expect("it runs here"), time::cranelift().expect("it runs here"));
        for kernel in &kernels {
            time::ours(&engine, kernel, 3).unwrap_or_else(|error| panic!("{}: {error:#}", kernel.name));
            time::theirs(&cranelift, kernel, 3).unwrap_or_else(|error| panic!("{}: {error:#}", kernel.name));
        }
    }
}
