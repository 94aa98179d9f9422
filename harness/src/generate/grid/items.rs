//! What the grid tries: every operator that the compiler supports, with what it takes and yields.

use super::super::draft::{Body, Draft, NUMBERS};
use super::super::operators::{Access, LOADS, Operator, STORES};
use super::edges::Domain;
use crate::value::ValueType;
use ValueType::{ExternRef, FuncRef, I32, I64};
use wasm_encoder::Encode;
use wasm_encoder::{BlockType, Instruction as I};

/// Offsets of loads and stores.
const OFFSETS: [u64; 4] = [0, 3, 0x7f80, 0xffff_fff0];

/// Who takes an operator's result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consumer {
    /// `if`.
    If,
    /// `br_if`.
    BrIf,
    /// `i32.eqz`, then `br_if`.
    NotBrIf,
    /// `select` between integers.
    Select,
    /// `select` between floats.
    SelectFloats,
    /// A local, and only then `if`.
    LocalIf,
    /// `br_table`.
    BrTable,
    /// An addition.
    Add,
    /// `i64.extend_i32_u`: what is above the lower half shows.
    Widen,
}

/// Those for comparisons.
pub const CONSUMERS: [Consumer; 8] = [
    Consumer::If,
    Consumer::BrIf,
    Consumer::NotBrIf,
    Consumer::Select,
    Consumer::SelectFloats,
    Consumer::LocalIf,
    Consumer::BrTable,
    Consumer::Add,
];

/// How an item is written when its operands are on the stack.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// An operator.
    Operator(Operator),
    /// An operator, mostly a comparison, with who takes its result.
    Consumed(Operator, Consumer),
    /// A load or store with an offset.
    Access(Access, u64),
    /// An operator with immediates.
    Encoded(Encoded),
    /// Something else, of a type.
    Other(fn(&mut Draft, &mut Body, ValueType), ValueType),
}

/// A vector operator with its immediates, as bytes.
#[derive(Debug, Clone, Copy)]
pub struct Encoded {
    bytes: [u8; 18],
    length: usize,
}

impl Encoded {
    /// An operator below 0x80 with these immediates, 16 at most.
    pub fn new(number: u8, immediates: &[u8]) -> Encoded {
        let mut bytes = [0; 18];
        let length = 2 + immediates.len();
        bytes[..2].copy_from_slice(&[0xfd, number]);
        bytes[2..length].copy_from_slice(immediates);
        Encoded { bytes, length }
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// A load or store of a lane.
    pub fn access(number: u8, offset: u64, lane: u8) -> Encoded {
        let mut immediates = vec![0];
        offset.encode(&mut immediates);
        immediates.push(lane);
        Encoded::new(number, &immediates)
    }
}

/// One thing to try.
#[derive(Debug, Clone)]
pub struct Item {
    /// What it takes.
    pub params: Vec<(ValueType, Domain)>,
    /// What it yields.
    pub results: Vec<ValueType>,
    /// How it is written.
    pub form: Form,
}

impl Item {
    /// Writes what must be below its operands.
    pub fn prepare(&self, body: &mut Body) {
        match self.form {
            Form::Consumed(_, Consumer::Select) => {
                body.i32(30);
                body.i32(40);
            }
            Form::Consumed(_, Consumer::SelectFloats) => {
                body.i(I::F64Const(1.5.into()));
                body.i(I::F64Const(2.5.into()));
            }
            _ => {}
        }
    }

    /// Writes it behind its operands.
    pub fn emit(&self, draft: &mut Draft, body: &mut Body) {
        match self.form {
            Form::Operator(operator) => body.op(operator),
            Form::Consumed(operator, consumer) => {
                body.op(operator);
                consume(draft, body, consumer);
            }
            Form::Access(access, offset) => body.access(access, offset),
            Form::Encoded(encoded) => body.encoded(encoded.bytes()),
            Form::Other(emit, ty) => emit(draft, body, ty),
        }
    }
}

/// All items.
pub fn items() -> Vec<Item> {
    let mut items = Vec::new();
    for operator in Operator::all() {
        let params: Vec<_> = operator.params.iter().map(|ty| (*ty, Domain::Any)).collect();
        let item = |form, results| Item { params: params.clone(), results, form };
        items.push(item(Form::Operator(operator), vec![operator.result]));
        if operator.compares() {
            items.extend(CONSUMERS.map(|consumer| item(Form::Consumed(operator, consumer), vec![I32])));
        }
        // Arithmetic on 32 bits that traps nowhere.
        if matches!(operator.code, 0x6a..=0x6c | 0x71..=0x78) {
            items.push(item(Form::Consumed(operator, Consumer::Widen), vec![I64]));
        }
    }
    for offset in OFFSETS {
        for load in LOADS {
            let params = vec![(I32, Domain::Address(u64::from(load.width) + offset))];
            items.push(Item { params, results: vec![load.ty], form: Form::Access(load, offset) });
        }
    }
    for (number, store) in STORES.into_iter().enumerate() {
        for offset in [OFFSETS[number % 2], OFFSETS[2 + number % 2]] {
            let params = vec![(I32, Domain::Address(u64::from(store.width) + offset)), (store.ty, Domain::Any)];
            items.push(Item { params, results: Vec::new(), form: Form::Access(store, offset) });
        }
    }
    for ty in NUMBERS.into_iter().chain([FuncRef, ExternRef]) {
        items.extend(of_any_type(ty));
    }
    items.extend(memory());
    items.extend(tables());
    items
}

fn other(
    params: &[(ValueType, Domain)],
    results: &[ValueType],
    ty: ValueType,
    emit: fn(&mut Draft, &mut Body, ValueType),
) -> Item {
    Item { params: params.to_vec(), results: results.to_vec(), form: Form::Other(emit, ty) }
}

fn consume(draft: &mut Draft, body: &mut Body, consumer: Consumer) {
    let ints = |body: &mut Body| {
        body.i32(10);
        body.i(I::Else);
        body.i32(20);
        body.i(I::End);
    };
    match consumer {
        Consumer::If => {
            body.i(I::If(BlockType::Result(I32.to_encoder())));
            ints(body);
        }
        Consumer::LocalIf => {
            let local = body.local(I32);
            body.set(local);
            body.get(local);
            body.i(I::If(BlockType::Result(I32.to_encoder())));
            ints(body);
        }
        Consumer::BrIf | Consumer::NotBrIf => {
            let (block, local) = (draft.block(&[I32], &[]), body.local(I32));
            body.i(I::Block(block));
            if consumer == Consumer::NotBrIf {
                body.i(I::I32Eqz);
            }
            body.i(I::BrIf(0));
            body.i32(7);
            body.set(local);
            body.i(I::End);
            body.get(local);
        }
        // The values to select from were pushed before the operands, so that the comparison is still pending.
        Consumer::Select => body.i(I::Select),
        Consumer::SelectFloats => {
            body.i(I::Select);
            body.i(I::I32TruncF64S);
        }
        Consumer::BrTable => dispatch(draft, body, I32),
        Consumer::Widen => body.i(I::I64ExtendI32U),
        Consumer::Add => {
            body.i32(5);
            body.i(I::I32Add);
        }
    }
}

/// `br_table` with a target twice, on what is on top.
fn dispatch(draft: &mut Draft, body: &mut Body, _: ValueType) {
    let (outer, inner) = (draft.block(&[I32], &[I32]), draft.block(&[I32], &[]));
    body.i(I::Block(outer));
    body.i(I::Block(inner));
    body.i(I::Block(inner));
    body.i(I::BrTable(vec![0, 1, 1, 0].into(), 1));
    body.i(I::End);
    body.i32(10);
    body.i(I::Br(1));
    body.i(I::End);
    body.i32(20);
    body.i(I::End);
}

/// Another value than the operand's.
fn different(body: &mut Body, ty: ValueType) {
    match ty {
        I32 | I64 => {
            body.constant(if ty == I32 { crate::value::Value::I32(77) } else { crate::value::Value::I64(77) });
        }
        ty => body.constant(ty.zero()),
    }
}

/// What works on values of any type: selection, branches, locals, globals and calls.
pub fn of_any_type(ty: ValueType) -> Vec<Item> {
    let (any, small) = ((ty, Domain::Any), (I32, Domain::Small));
    let mut items = vec![
        other(&[any, any, small], &[ty], ty, |_, body, ty| body.i(I::TypedSelect(ty.to_encoder()))),
        other(&[any, small], &[ty], ty, |draft, body, ty| {
            let block = draft.block(&[ty, I32], &[ty]);
            body.i(I::Block(block));
            body.i(I::BrIf(0));
            body.i(I::Drop);
            different(body, ty);
            body.i(I::End);
        }),
        other(&[any, small], &[ty], ty, |draft, body, ty| {
            let block = draft.block(&[ty, I32], &[ty]);
            body.i(I::Block(block));
            body.i(I::Block(block));
            body.i(I::BrTable(vec![0, 1, 0].into(), 1));
            body.i(I::End);
            body.i(I::Drop);
            different(body, ty);
            body.i(I::End);
        }),
        other(&[any, any, small], &[ty], ty, |draft, body, ty| {
            let block = draft.block(&[ty, ty], &[ty]);
            let local = body.local(ty);
            body.i(I::If(block));
            body.i(I::Drop);
            body.i(I::Else);
            body.set(local);
            body.i(I::Drop);
            body.get(local);
            body.i(I::End);
        }),
        other(&[any], &[ty, ty], ty, |_, body, ty| {
            let local = body.local(ty);
            body.tee(local);
            body.get(local);
        }),
        other(&[any], &[ty], ty, |draft, body, ty| {
            let global = draft.globals().position(|global| global == ty).unwrap_or_default() as u32;
            body.i(I::GlobalSet(global));
            body.i(I::Nop);
            body.i(I::GlobalGet(global));
        }),
        other(&[any, small], &[ty], ty, |draft, body, ty| {
            let type_index = draft.ty(&[ty], &[ty]);
            body.i(I::CallIndirect { type_index, table_index: 0 });
        }),
        other(&[any], &[], ty, |_, body, _| body.i(I::Drop)),
    ];
    if NUMBERS.contains(&ty) || ty == ValueType::V128 {
        items.push(other(&[any, any, small], &[ty], ty, |_, body, _| body.i(I::Select)));
    } else {
        items.push(other(&[any], &[I32], ty, |_, body, _| body.i(I::RefIsNull)));
    }
    items
}

/// Control on an integer, and what works on the memory as a whole.
pub fn memory() -> Vec<Item> {
    let (any, small, address) = ((I32, Domain::Any), (I32, Domain::Small), (I32, Domain::Address(16)));
    vec![
        other(&[any], &[I32], I32, |_, body, _| {
            body.i(I::If(BlockType::Result(I32.to_encoder())));
            body.i32(1);
            body.i(I::Else);
            body.i32(2);
            body.i(I::End);
        }),
        other(&[small], &[], I32, |_, body, _| {
            body.i(I::If(BlockType::Empty));
            body.i(I::Unreachable);
            body.i(I::End);
        }),
        other(&[small], &[I32], I32, dispatch),
        other(&[any], &[I32], I32, |draft, body, _| {
            let block = draft.block(&[I32], &[I32]);
            let local = body.local(I32);
            body.i(I::Loop(block));
            body.i32(1);
            body.i(I::I32ShrU);
            body.tee(local);
            body.get(local);
            body.i(I::BrIf(0));
            body.i(I::End);
        }),
        other(&[], &[I32], I32, |_, body, _| body.i(I::MemorySize(0))),
        other(&[small], &[I32], I32, |_, body, _| body.i(I::MemoryGrow(0))),
        other(&[address, any, small], &[], I32, |_, body, _| body.i(I::MemoryFill(0))),
        other(&[address, address, small], &[], I32, |_, body, _| {
            body.i(I::MemoryCopy { src_mem: 0, dst_mem: 0 });
        }),
        other(&[address, small, small], &[], I32, |_, body, _| {
            body.i(I::MemoryInit { mem: 0, data_index: 1 });
        }),
        other(&[], &[], I32, |_, body, _| body.i(I::DataDrop(1))),
    ]
}

/// What works on tables and references.
pub fn tables() -> Vec<Item> {
    let small = (I32, Domain::Small);
    let mut items = vec![
        other(&[], &[FuncRef], FuncRef, |_, body, _| body.i(I::RefFunc(1))),
        other(&[small, small, small], &[], FuncRef, |_, body, _| {
            body.i(I::TableInit { elem_index: 1, table: 0 });
        }),
        other(&[], &[], FuncRef, |_, body, _| body.i(I::ElemDrop(1))),
    ];
    for ty in [FuncRef, ExternRef] {
        let any = (ty, Domain::Any);
        items.extend([
            other(&[small], &[ty], ty, |_, body, ty| body.i(I::TableGet(table(ty)))),
            other(&[small, any], &[], ty, |_, body, ty| body.i(I::TableSet(table(ty)))),
            other(&[], &[I32], ty, |_, body, ty| body.i(I::TableSize(table(ty)))),
            other(&[any, small], &[I32], ty, |_, body, ty| body.i(I::TableGrow(table(ty)))),
            other(&[small, any, small], &[], ty, |_, body, ty| body.i(I::TableFill(table(ty)))),
            other(&[small, small, small], &[], ty, |_, body, ty| {
                body.i(I::TableCopy { src_table: table(ty), dst_table: table(ty) });
            }),
            other(&[], &[ty], ty, |_, body, ty| body.constant(ty.zero())),
        ]);
    }
    items
}

/// The table whose elements have a type.
const fn table(ty: ValueType) -> u32 {
    match ty {
        ExternRef => 1,
        _ => 0,
    }
}
