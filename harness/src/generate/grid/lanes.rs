//! What the grid tries of vectors: every operator on them, and values at the edges of lanes.

use super::super::vectors::{self, LANE_ACCESSES, LANES, Shape};
use super::edges::{self, Domain};
use super::items::{self, CONSUMERS, Encoded, Form, Item};
use crate::value::{Value, ValueType};
use ValueType::{I32, V128};

const I8: [i8; 20] = [0, 1, -1, 2, 3, 7, 8, 15, 16, 17, 31, 64, 100, 126, 127, -128, -127, -2, 0x55, -0x56];
const I16: [i16; 20] =
    [0, 1, -1, 2, 3, 15, 16, 127, 128, 129, -128, -129, 255, 256, 0x4000, i16::MAX, i16::MIN, -0x7fff, 0x5555, -0x100];

/// A number's bits.
fn bits(value: Value) -> u128 {
    match value {
        Value::I32(bits) | Value::F32(bits) => bits.into(),
        Value::I64(bits) | Value::F64(bits) => bits.into(),
        Value::V128(bits) => bits,
        Value::FuncRef(_) | Value::ExternRef(_) => unreachable!("lanes are numbers"),
    }
}

/// The values of a lane, as bits.
fn lane(shape: Shape) -> Vec<u128> {
    let scalars = |ty| edges::edges(ty, Domain::Any).into_iter().map(bits).collect();
    match shape {
        Shape::I8x16 => I8.iter().map(|lane| (*lane as u8).into()).collect(),
        Shape::I16x8 => I16.iter().map(|lane| (*lane as u16).into()).collect(),
        Shape::I32x4 => scalars(I32),
        Shape::I64x2 => scalars(ValueType::I64),
        Shape::F32x4 => scalars(ValueType::F32),
        Shape::F64x2 => scalars(ValueType::F64),
    }
}

/// Vectors of these lanes. One begins with each value, and the next ones follow: if two operands are any two of them,
/// each two values meet in each lane. Before them those that tests tell apart.
pub fn vectors(shape: Shape) -> Vec<Value> {
    let lane = lane(shape);
    let width = 128 / u32::from(shape.lanes());
    let vector = |start: usize| {
        let at = |number: u32| lane[(start + number as usize) % lane.len()] << (width * number);
        Value::V128((0..shape.lanes().into()).map(at).fold(0, |vector, lane| vector | lane))
    };
    [0, u128::MAX, 1 << 77].map(Value::V128).into_iter().chain((0..lane.len()).map(vector)).collect()
}

/// Operators without immediates, relaxed or others, and who takes the results of tests.
fn plain(relaxed: bool) -> Vec<Item> {
    let mut items = Vec::new();
    for (operator, shape) in vectors::operators(relaxed) {
        let domain = |ty: &ValueType| (*ty, if *ty == V128 { Domain::Lanes(shape) } else { Domain::Any });
        let params: Vec<_> = operator.params.iter().map(domain).collect();
        let item = |form, results| Item { params: params.clone(), results, form };
        items.push(item(Form::Operator(operator), vec![operator.result]));
        if vectors::tests(operator) {
            items.extend(CONSUMERS.map(|consumer| item(Form::Consumed(operator, consumer), vec![I32])));
        }
    }
    items
}

/// The relaxed operators. Their results may be any of a set: only engines with the same choices can be compared.
pub fn relaxed() -> Vec<Item> {
    plain(true)
}

/// Everything of Wasm 2.0 with vectors.
pub fn items() -> Vec<Item> {
    let mut items = plain(false);
    let bytes = (V128, Domain::Lanes(Shape::I8x16));
    for shuffle in vectors::shuffles() {
        let form = Form::Encoded(Encoded::new(0x0d, &shuffle));
        items.push(Item { params: vec![bytes; 2], results: vec![V128], form });
    }
    for (number, shape, scalar, read) in LANES {
        // The first, the last, and some on both sides of the middle.
        let last = shape.lanes() - 1;
        let mut lanes = vec![0, 1, last / 2, last / 2 + 1, last];
        lanes.dedup();
        lanes.retain(|lane| *lane <= last);
        for lane in lanes {
            let (vector, form) = ((V128, Domain::Lanes(shape)), Form::Encoded(Encoded::new(number, &[lane])));
            items.push(match read {
                true => Item { params: vec![vector], results: vec![scalar], form },
                false => Item { params: vec![vector, (scalar, Domain::Any)], results: vec![V128], form },
            });
        }
    }
    for (access, loads) in vectors::ACCESSES {
        for offset in [0, 3, 0x7f80, 0xffff_fff0] {
            let address = (I32, Domain::Address(u64::from(access.width) + offset));
            let form = Form::Access(access, offset);
            items.push(match loads {
                true => Item { params: vec![address], results: vec![V128], form },
                false => Item { params: vec![address, bytes], results: Vec::new(), form },
            });
        }
    }
    for (number, width, stores) in LANE_ACCESSES {
        let last = 16 / width - 1;
        for (lane, offset) in [(0, 5), (last, 0), (last / 2, 0xffff_fff0)] {
            let address = (I32, Domain::Address(u64::from(width) + offset));
            let form = Form::Encoded(Encoded::access(number, offset, lane));
            let results = if stores { Vec::new() } else { vec![V128] };
            items.push(Item { params: vec![address, bytes], results, form });
        }
    }
    items.extend(items::of_any_type(V128));
    items
}
