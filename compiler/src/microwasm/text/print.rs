//! Operators, types and constants as text.

use std::fmt;

use crate::microwasm::{Callers, Const, FuncType, MemArg, Op, Target, Type};

/// Prints values one after the other with commas between.
pub(super) struct List<'a, T>(pub(super) &'a [T]);

impl<T: fmt::Display> fmt::Display for List<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, value) in self.0.iter().enumerate() {
            if index != 0 {
                f.write_str(", ")?;
            }
            write!(f, "{value}")?;
        }
        Ok(())
    }
}

/// A function type.
pub(super) struct Signature<'a>(pub(super) &'a FuncType);

impl fmt::Display for Signature<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}] -> [{}]", List(&self.0.params), List(&self.0.results))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Label(label) => write!(f, ".L{}", label.0),
            Target::Return => f.write_str(".return"),
        }
    }
}

impl fmt::Display for MemArg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "offset={}", self.offset)
    }
}

/// The sign and the payload of a NaN, as Wasm's text writes them.
fn nan(f: &mut fmt::Formatter<'_>, negative: bool, payload: u64) -> fmt::Result {
    write!(f, "{}nan:{payload:#x}", if negative { "-" } else { "" })
}

impl fmt::Display for Const {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Const::Null(ty) => write!(f, "{ty}.null"),
            Const::V128(bytes) => {
                let bits = u128::from_le_bytes(bytes);
                let [a, b, c, d] = [0, 32, 64, 96].map(|lane| (bits >> lane) as u32);
                write!(f, "v128.const i32x4 {a:#010x} {b:#010x} {c:#010x} {d:#010x}")
            }
            Const::I32(value) => write!(f, "i32.const {value}"),
            Const::I64(value) => write!(f, "i64.const {value}"),
            Const::F32(bits) => {
                f.write_str("f32.const ")?;
                let value = f32::from_bits(bits);
                if value.is_nan() {
                    return nan(f, bits >> 31 != 0, u64::from(bits & 0x7f_ffff));
                }
                // The shortest decimal that reads back as the same number; `-0` keeps its sign.
                write!(f, "{value:?}")
            }
            Const::F64(bits) => {
                f.write_str("f64.const ")?;
                let value = f64::from_bits(bits);
                if value.is_nan() {
                    return nan(f, bits >> 63 != 0, bits & 0xf_ffff_ffff_ffff);
                }
                write!(f, "{value:?}")
            }
        }
    }
}

fn definition(f: &mut fmt::Formatter<'_>, label: u32, keep: u32, params: &[Type], callers: Callers) -> fmt::Result {
    let callers = match callers {
        Callers::One => "1",
        Callers::Many => "many",
    };
    write!(f, "def .L{label} keep={keep} params=[{}] callers={callers}", List(params))
}

impl fmt::Display for Op<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Op::Locals { count, ty } => write!(f, "locals {count} {ty}"),
            Op::Def { label, keep, params, callers, backward } => {
                definition(f, label.0, keep, params, callers)?;
                f.write_str(if backward { " backward" } else { "" })
            }
            Op::Label(label) => write!(f, ".L{}:", label.0),
            Op::Br(target) => write!(f, "br {target}"),
            Op::BrIf { then, otherwise } => write!(f, "br_if {then}, {otherwise}"),
            Op::BrTable { targets, default } => write!(f, "br_table [{}], {default}", List(targets)),
            Op::Unreachable => f.write_str("unreachable"),
            Op::Pick(position) => write!(f, "pick {position}"),
            Op::Put(position) => write!(f, "put {position}"),
            Op::Tee(position) => write!(f, "tee {position}"),
            Op::Drop(count) => write!(f, "drop {count}"),
            Op::Const(value) => write!(f, "{value}"),
            Op::Select => f.write_str("select"),
            Op::Unary(op) => f.write_str(op.name()),
            Op::Binary(op) => f.write_str(op.name()),
            Op::Compare(op) => f.write_str(op.name()),
            Op::Load(op, arg) => write!(f, "{} {arg}", op.name()),
            Op::Store(op, arg) => write!(f, "{} {arg}", op.name()),
            Op::Vector(op) => f.write_str(op.name()),
            Op::Lane(op, lane) => write!(f, "{} {lane}", op.name()),
            Op::Shuffle(lanes) => write!(f, "i8x16.shuffle [{}]", List(&lanes)),
            Op::LoadLane(op, arg, lane) => write!(f, "{} {arg} lane={lane}", op.name()),
            Op::StoreLane(op, arg, lane) => write!(f, "{} {arg} lane={lane}", op.name()),
            Op::GlobalGet { index, ty } => write!(f, "global.get {index} :: {ty}"),
            Op::GlobalSet(index) => write!(f, "global.set {index}"),
            Op::MemorySize => f.write_str("memory.size"),
            Op::MemoryGrow => f.write_str("memory.grow"),
            Op::MemoryFill => f.write_str("memory.fill"),
            Op::MemoryCopy => f.write_str("memory.copy"),
            Op::MemoryInit(segment) => write!(f, "memory.init {segment}"),
            Op::DataDrop(segment) => write!(f, "data.drop {segment}"),
            Op::TableGet { table, ty } => write!(f, "table.get {table} :: {ty}"),
            Op::TableSet(table) => write!(f, "table.set {table}"),
            Op::TableSize(table) => write!(f, "table.size {table}"),
            Op::TableGrow(table) => write!(f, "table.grow {table}"),
            Op::TableFill(table) => write!(f, "table.fill {table}"),
            Op::TableCopy { dst, src } => write!(f, "table.copy {dst}, {src}"),
            Op::TableInit { segment, table } => write!(f, "table.init {segment}, {table}"),
            Op::ElemDrop(segment) => write!(f, "elem.drop {segment}"),
            Op::RefFunc(function) => write!(f, "ref.func {function}"),
            Op::Call { func, ty } => write!(f, "call {func} :: {}", Signature(ty)),
            Op::CallIndirect { type_index, ty, table } => {
                write!(f, "call_indirect table={table} type={type_index} :: {}", Signature(ty))
            }
        }
    }
}
