//! Modules about ranges: bulk operators on memories and tables around their ends and over themselves, segments
//! that overlap and are dropped, growth to the limit; and host functions with more arguments than registers.

use super::draft::{Body, Draft, NUMBERS};
use crate::host::edge_value;
use crate::plan::Case;
use crate::rng::Rng;
use crate::value::{FuncIdentity, Value, ValueType};
use wasm_encoder::Instruction as I;

/// The memory's size in bytes.
const BYTES: i32 = 65536;
/// The tables' sizes in elements.
const ELEMENTS: i32 = 12;

/// The case with this number in the sequence of a seed.
pub fn case(seed: u64, number: u64) -> Case {
    chosen(&mut Rng::new(seed, number ^ 0x7261_6e67))
}

/// The case that these choices make.
pub fn chosen(rng: &mut Rng) -> Case {
    let mut draft = Draft::default();
    draft.memory = Some((1, 3));
    (draft.memory_imported, draft.table_imported) = (rng.one_in(4), rng.one_in(4));
    if rng.one_in(3) {
        // Any function of the module may stand for it in another instance.
        draft.import(&[ValueType::ExternRef], &[]);
    }
    for _ in 0..1 + rng.below(2) {
        let params: Vec<ValueType> = (0..rng.below(20)).map(|_| *rng.pick(&NUMBERS)).collect();
        let results: Vec<ValueType> = (0..rng.below(6)).map(|_| *rng.pick(&NUMBERS)).collect();
        draft.import(&params, &results);
    }
    draft.tables = vec![(ValueType::FuncRef, 12, 20), (ValueType::ExternRef, 12, 14), (ValueType::FuncRef, 12, 12)];
    let seen = draft.global(Value::I64(0));
    let funcs: Vec<u32> = (0..3 + rng.below(5)).map(|_| draft.declare(&[ValueType::ExternRef], &[])).collect();
    segments(rng, &mut draft);
    for func in &funcs {
        let mut body = Body::new(&[ValueType::ExternRef]);
        for _ in 0..1 + rng.below(4) {
            operator(rng, &draft, &mut body, seen);
        }
        draft.define(*func, body);
    }
    draft.case(rng, 2)
}

/// Data and elements that overlap where they are active.
fn segments(rng: &mut Rng, draft: &mut Draft) {
    for _ in 0..1 + rng.below(4) {
        let place = (!rng.one_in(3)).then(|| 16 + rng.below(8) as u32);
        let length = 1 + rng.below(12) as usize;
        draft.data.push((place, rng.bytes(length)));
    }
    let funcs = u64::from(draft.func_count());
    for _ in 0..1 + rng.below(4) {
        let items = (0..1 + rng.below(5)).map(|_| (!rng.one_in(4)).then(|| rng.below(funcs) as u32)).collect();
        let place = (!rng.one_in(3)).then(|| (rng.below(2) as u32 * 2, rng.below(6) as u32));
        draft.elements.push((place, items));
    }
}

/// A start and a length of a range in something of this size: mostly inside, often to the very end, sometimes beyond.
fn range(rng: &mut Rng, size: i32) -> (i32, i32) {
    let length = rng.below(9) as i32;
    let start = match rng.below(8) {
        0 => size - length,
        1 => size - length + 1,
        2 => size - rng.below(4) as i32,
        3 => size,
        4 => *rng.pick(&[-1, i32::MIN, size + 1]),
        _ => rng.below(size.min(64) as u64) as i32,
    };
    (start, if rng.one_in(8) { 0 } else { length })
}

/// Another start near the first, so that the ranges overlap.
fn near(rng: &mut Rng, start: i32, size: i32) -> i32 {
    match rng.below(4) {
        0 => range(rng, size).0,
        _ => start.wrapping_add(rng.below(7) as i32 - 3).max(0),
    }
}

fn operator(rng: &mut Rng, draft: &Draft, body: &mut Body, seen: u32) {
    let data = rng.below(draft.data.len() as u64) as u32;
    let element = rng.below(draft.elements.len() as u64) as u32;
    let table = rng.below(3) as u32;
    let functions = table & 2;
    match rng.below(13) {
        0 | 1 => {
            let (start, length) = range(rng, BYTES);
            push(body, &[start, rng.below(256) as i32, length]);
            body.i(I::MemoryFill(0));
        }
        2 | 3 => {
            let (start, length) = range(rng, BYTES);
            push(body, &[start, near(rng, start, BYTES), length]);
            body.i(I::MemoryCopy { src_mem: 0, dst_mem: 0 });
        }
        4 => {
            let size = draft.data[data as usize].1.len() as i32;
            let (from, length) = range(rng, size);
            push(body, &[range(rng, BYTES).0, from, length]);
            body.i(I::MemoryInit { mem: 0, data_index: data });
        }
        5 if rng.one_in(2) => body.i(I::DataDrop(data)),
        5 => body.i(I::ElemDrop(element)),
        6 => {
            let (start, length) = range(rng, ELEMENTS);
            body.i32(start);
            reference(rng, draft, body, table);
            body.i32(length);
            body.i(I::TableFill(table));
        }
        7 | 8 => {
            let (start, length) = range(rng, ELEMENTS);
            push(body, &[start, near(rng, start, ELEMENTS), length]);
            let other = if table == 1 { 1 } else { rng.below(2) as u32 * 2 };
            body.i(I::TableCopy { src_table: other, dst_table: table });
        }
        9 => {
            let size = draft.elements[element as usize].1.len() as i32;
            let (from, length) = range(rng, size);
            push(body, &[range(rng, ELEMENTS).0, from, length]);
            body.i(I::TableInit { elem_index: element, table: functions });
        }
        10 => {
            reference(rng, draft, body, table);
            body.i32(*rng.pick(&[0, 1, 2, 3, 9, -1]));
            body.i(I::TableGrow(table));
            observe(body, seen);
        }
        11 => {
            body.i32(*rng.pick(&[0, 1, 2, 3, -1]));
            body.i(I::MemoryGrow(0));
            observe(body, seen);
        }
        _ => host_call(rng, draft, body, seen),
    }
}

fn push(body: &mut Body, values: &[i32]) {
    values.iter().for_each(|value| body.i32(*value));
}

/// A reference for a table: to a function, the parameter, or null.
fn reference(rng: &mut Rng, draft: &Draft, body: &mut Body, table: u32) {
    match (table, rng.one_in(4)) {
        (1, true) => body.constant(Value::ExternRef(None)),
        (1, false) => body.i(I::LocalGet(0)),
        (_, true) => body.constant(Value::FuncRef(FuncIdentity::Null)),
        // Only what is exported may be referred to.
        (_, false) => {
            let own = draft.func_count() - draft.imported();
            body.i(I::RefFunc(draft.imported() + rng.below(u64::from(own)) as u32));
        }
    }
}

/// Mixes the `i32` on the stack into the global.
fn observe(body: &mut Body, seen: u32) {
    body.i(I::I64ExtendI32U);
    mix(body, seen);
}

/// Mixes the `i64` on the stack into the global.
fn mix(body: &mut Body, seen: u32) {
    for instruction in [I::GlobalGet(seen), I::I64Const(7), I::I64Rotl, I::I64Xor, I::GlobalSet(seen)] {
        body.i(instruction);
    }
}

/// Calls a host function with constants; its results go into the global.
fn host_call(rng: &mut Rng, draft: &Draft, body: &mut Body, seen: u32) {
    let func = rng.below(u64::from(draft.imported())) as u32;
    let (params, results) = draft.signature(func).clone();
    params.iter().for_each(|ty| body.constant(edge_value(rng, *ty)));
    body.i(I::Call(func));
    for ty in results.iter().rev() {
        match ty {
            ValueType::I32 => body.i(I::I64ExtendI32U),
            ValueType::F32 => {
                body.i(I::I32ReinterpretF32);
                body.i(I::I64ExtendI32U);
            }
            ValueType::F64 => body.i(I::I64ReinterpretF64),
            _ => {}
        }
        mix(body, seen);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_valid_and_a_function_of_their_number() {
        for number in 0..200 {
            let case = case(3, number);
            crate::generate::supported(&case.wasm).unwrap_or_else(|error| panic!("{number}: {error}"));
            assert_eq!(case, super::case(3, number));
        }
    }
}
