//! Writes operators: a sink that streams a module out as it is told of it.

use super::format::{self, Form, NONE, OPCODES, Opcodes};
use super::{leb, module_out, track::Track};
use crate::error::CompileResult;
use crate::microwasm::{Callers, Const, FuncType, Op, Sink, Target, Type};
use crate::wasm::module::ModuleInfo;
use crate::wasm::stream::Frontend;
use std::collections::HashMap;
use std::io::{self, Write};
use std::mem;

/// How many operators are held back to see whether they are abbreviated: the longest abbreviation's.
const LONGEST: usize = 5;
/// Bytes are handed on when there are about so many.
const CHUNK: usize = 1 << 14;

/// The kinds of definition.
const MANY: u8 = 0;
const ONE: u8 = 1;
const BACKWARD: u8 = 2;

/// An operator that abbreviations are made of. Labels and targets are distances, as written.
#[derive(Debug, Clone, Copy)]
enum Held {
    Def { kind: u8, depth: u32, list: u32, length: u32 },
    Br(u32),
    Return,
    BrIf(u32, u32),
    Bind(u32),
    Unreachable,
}

/// Writes a module in the binary format while it is told of it.
///
/// It relies on the rules of [`crate::microwasm`]: what breaks them is written as something that a
/// decoder refuses, or as something else. It holds no more than a few operators.
#[derive(Debug)]
pub struct Encoder<W> {
    sink: W,
    /// What was refused by `sink`; nothing is written after it.
    error: Option<io::Error>,
    out: Vec<u8>,
    opcodes: &'static Opcodes,
    track: Track,
    /// Lists of two or more types that are parameters or results of a type, by how they are written.
    lists: HashMap<Box<[Type]>, u32>,
    held: Vec<Held>,
}

/// Wasm to the binary format.
///
/// # Errors
///
/// If the module is malformed, invalid, unsupported or too large.
pub fn encode(wasm: &[u8]) -> CompileResult<Vec<u8>> {
    let mut frontend = Frontend::new(Encoder::new(Vec::new()));
    frontend.push(wasm)?;
    let (info, encoder) = frontend.finish()?;
    Ok(encoder.finish(&info).expect("a vector takes everything"))
}

impl<W: Write> Encoder<W> {
    /// Writes to `sink`, in pieces of some kilobytes.
    pub fn new(sink: W) -> Encoder<W> {
        let (track, lists) = (Track::default(), HashMap::new());
        Encoder { sink, error: None, out: Vec::new(), opcodes: &OPCODES, track, lists, held: Vec::new() }
    }

    /// Writes the data segments, which is the end.
    ///
    /// # Errors
    ///
    /// The first error of the writer.
    pub fn finish(mut self, info: &ModuleInfo) -> io::Result<W> {
        leb::unsigned(&mut self.out, info.data.len() as u64);
        for segment in &info.data {
            module_out::data(&mut self.out, segment);
            self.hand_on();
        }
        self.hand_on();
        match self.error {
            Some(error) => Err(error),
            None => self.sink.flush().map(|()| self.sink),
        }
    }

    fn hand_on(&mut self) {
        if self.error.is_none() {
            self.error = self.sink.write_all(&self.out).err();
        }
        self.out.clear();
    }

    #[inline]
    fn form(&mut self, form: Form) {
        format::write(&mut self.out, self.opcodes.forms[form as usize]);
    }

    #[inline]
    fn form_with(&mut self, form: Form, immediate: u32) {
        self.form(form);
        leb::unsigned(&mut self.out, immediate.into());
    }

    /// How a list is written, if it is not written type by type.
    fn list(&self, types: &[Type]) -> Option<u32> {
        match types {
            [] => Some(0),
            [ty] => Some(1 + *ty as u32),
            _ => self.lists.get(types).copied(),
        }
    }

    /// Writes or holds back a definition.
    fn define(&mut self, label: u32, keep: u32, params: &[Type], kind: u8) {
        let (list, length) = (self.list(params), params.len() as u32);
        let (depth, closed) = (self.track.height().wrapping_sub(keep), self.track.labels().wrapping_sub(label));
        if let (Some(list), 0) = (list, closed) {
            self.held.push(Held::Def { kind, depth, list, length });
            return;
        }
        self.release_all();
        if closed == 0 {
            self.form_with(definition(kind), depth);
        } else {
            self.form_with(Form::DefClosing, kind.into());
            leb::unsigned(&mut self.out, closed.into());
            leb::unsigned(&mut self.out, depth.into());
        }
        match list {
            Some(list) => leb::unsigned(&mut self.out, list.into()),
            None => {
                leb::unsigned(&mut self.out, module_out::INLINE.into());
                module_out::types(&mut self.out, params);
            }
        }
    }

    /// Writes everything that is held back.
    #[inline]
    fn release_all(&mut self) {
        if self.held.is_empty() {
            return;
        }
        let held = mem::take(&mut self.held);
        let mut rest = &held[..];
        while !rest.is_empty() {
            rest = &rest[self.release(rest)..];
        }
        self.held = held;
        self.held.clear();
    }

    /// Writes the abbreviation or the operator at the start; how many operators it was.
    fn release(&mut self, held: &[Held]) -> usize {
        use Held::{Bind, Br, BrIf, Def, Unreachable};
        match *held {
            [
                Def { kind: MANY, depth, list: a, .. },
                Def { kind: ONE, depth: d1, list: b, length },
                Def { kind: ONE, depth: d2, list: b2, .. },
                BrIf(0, 1),
                Bind(0),
                ..,
            ] if d1 == depth && d2 == depth && b == b2 && depth == length.wrapping_add(1) => {
                self.structure(Form::IfEmpty, Form::If, a, b);
                5
            }
            [
                Def { kind: MANY, depth, list: a, .. },
                Def { kind: BACKWARD, depth: d1, list: b, length },
                Br(0),
                Bind(0),
                ..,
            ] if d1 == depth && depth == length => {
                self.structure(Form::LoopEmpty, Form::Loop, a, b);
                4
            }
            [Def { kind: ONE, depth: 1, list: 0, .. }, BrIf(then @ 1.., 0), Bind(0), ..] => {
                self.form_with(Form::BrIf, then - 1);
                3
            }
            [Br(0), Bind(0), Br(0), Bind(0), ..] => self.abbreviate(Form::Ends, 4),
            [Bind(0), Br(0), Bind(0), ..] => self.abbreviate(Form::EndDead, 3),
            [Br(1), Bind(0), ..] => self.abbreviate(Form::Else, 2),
            [Br(0), Bind(0), ..] => self.abbreviate(Form::End0, 2),
            [Br(1), Bind(1), ..] => self.abbreviate(Form::End1, 2),
            [Unreachable, Bind(0), ..] => self.abbreviate(Form::UnreachableBind, 2),
            [one, ..] => {
                self.single(one);
                1
            }
            [] => 0,
        }
    }

    fn abbreviate(&mut self, form: Form, operators: usize) -> usize {
        self.form(form);
        operators
    }

    fn structure(&mut self, empty: Form, form: Form, a: u32, b: u32) {
        if (a, b) == (0, 0) {
            self.form(empty);
        } else {
            self.form_with(form, a);
            leb::unsigned(&mut self.out, b.into());
        }
    }

    fn single(&mut self, held: Held) {
        match held {
            Held::Def { kind: MANY, depth: 0, list: 0, .. } => self.form(Form::BlockEmpty),
            Held::Def { kind: MANY, depth: 0, list, .. } => self.form_with(Form::Block, list),
            Held::Def { kind, depth, list, .. } => {
                self.form_with(definition(kind), depth);
                leb::unsigned(&mut self.out, list.into());
            }
            Held::Br(target) => self.form_with(Form::Br, target),
            Held::Return => self.form(Form::Return),
            Held::BrIf(then, otherwise) => {
                self.form_with(Form::BrIfBoth, then);
                leb::unsigned(&mut self.out, otherwise.into());
            }
            Held::Bind(0) => self.form(Form::Bind0),
            Held::Bind(1) => self.form(Form::Bind1),
            Held::Bind(above) => self.form_with(Form::Bind, above),
            Held::Unreachable => self.form(Form::Unreachable),
        }
    }

    /// Holds an operator back, or writes it.
    #[inline]
    fn operator(&mut self, op: Op<'_>) {
        let held = match op {
            Op::Def { label, keep, params, callers, backward } => {
                let one = if callers == Callers::One { ONE } else { MANY };
                return self.define(label.0, keep, params, if backward { BACKWARD } else { one });
            }
            Op::Label(label) => Held::Bind(self.track.above(label)),
            Op::Br(Target::Return) => Held::Return,
            Op::Br(target) => Held::Br(self.track.distance(target)),
            Op::BrIf { then, otherwise } => Held::BrIf(self.track.distance(then), self.track.distance(otherwise)),
            Op::Unreachable => Held::Unreachable,
            _ => {
                self.release_all();
                return self.plain(op);
            }
        };
        self.held.push(held);
    }

    /// Writes an operator that is in no abbreviation.
    fn plain(&mut self, op: Op<'_>) {
        let opcodes = self.opcodes;
        let at = |table: &[u16], index: u64| table.get(index as usize).copied().filter(|bytes| *bytes != NONE);
        let implied = match op {
            Op::Pick(position) => at(&opcodes.pick, position.into()),
            Op::Put(position) => at(&opcodes.put, position.into()),
            Op::Tee(position) => at(&opcodes.tee, position.into()),
            Op::Load(op, arg) => at(&opcodes.load_at[op as usize], arg.offset),
            Op::Store(op, arg) => at(&opcodes.store_at[op as usize], arg.offset),
            Op::Const(Const::I32(value)) => i8::try_from(value).ok().and_then(|v| at(&opcodes.i32, v as u8 as u64)),
            Op::Const(Const::Null(ty)) => Some(opcodes.null[ty as usize]),
            Op::Unary(op) => Some(opcodes.unary[op as usize]),
            Op::Binary(op) => Some(opcodes.binary[op as usize]),
            Op::Compare(op) => Some(opcodes.compare[op as usize]),
            Op::Vector(op) => Some(opcodes.vector[op as usize]),
            _ => None,
        };
        match implied {
            Some(bytes) => format::write(&mut self.out, bytes),
            None => self.with_immediates(op),
        }
    }

    fn with_immediates(&mut self, op: Op<'_>) {
        match op {
            Op::Pick(position) => self.form_with(Form::Pick, position),
            Op::Put(position) => self.form_with(Form::Put, position),
            Op::Tee(position) => self.form_with(Form::Tee, position),
            Op::Load(op, arg) => {
                format::write(&mut self.out, self.opcodes.load[op as usize]);
                leb::unsigned(&mut self.out, arg.offset);
            }
            Op::Store(op, arg) => {
                format::write(&mut self.out, self.opcodes.store[op as usize]);
                leb::unsigned(&mut self.out, arg.offset);
            }
            Op::Const(Const::I32(value)) => {
                self.form(Form::I32Const);
                leb::signed(&mut self.out, value.into());
            }
            Op::Const(Const::I64(value)) => {
                self.form(Form::I64Const);
                leb::signed(&mut self.out, value);
            }
            Op::Const(Const::F32(bits)) => {
                self.form(Form::F32Const);
                self.out.extend(bits.to_le_bytes());
            }
            Op::Const(Const::F64(bits)) => {
                self.form(Form::F64Const);
                self.out.extend(bits.to_le_bytes());
            }
            Op::Const(Const::V128(bytes)) => {
                format::write(&mut self.out, self.opcodes.v128);
                self.out.extend(bytes);
            }
            Op::Shuffle(bytes) => {
                format::write(&mut self.out, self.opcodes.shuffle);
                self.out.extend(bytes);
            }
            Op::Lane(op, lane) => {
                format::write(&mut self.out, self.opcodes.lane[op as usize]);
                self.out.push(lane);
            }
            Op::LoadLane(op, arg, lane) => {
                format::write(&mut self.out, self.opcodes.load_lane[op as usize]);
                leb::unsigned(&mut self.out, arg.offset);
                self.out.push(lane);
            }
            Op::StoreLane(op, arg, lane) => {
                format::write(&mut self.out, self.opcodes.store_lane[op as usize]);
                leb::unsigned(&mut self.out, arg.offset);
                self.out.push(lane);
            }
            Op::Locals { count, ty } => {
                format::write(&mut self.out, self.opcodes.locals[ty as usize]);
                leb::unsigned(&mut self.out, count.into());
            }
            Op::BrTable { targets, default } => {
                self.form_with(Form::BrTable, targets.len() as u32);
                for target in targets.iter().chain([&default]) {
                    leb::unsigned(&mut self.out, self.track.distance(*target).into());
                }
            }
            Op::Drop(1) => self.form(Form::Drop1),
            Op::Drop(count) => self.form_with(Form::Drop, count),
            Op::Select => self.form(Form::Select),
            Op::GlobalGet { index, .. } => self.form_with(Form::GlobalGet, index),
            Op::GlobalSet(index) => self.form_with(Form::GlobalSet, index),
            Op::Call { func, .. } => self.form_with(Form::Call, func),
            Op::CallIndirect { type_index, table: 0, .. } => self.form_with(Form::CallIndirect0, type_index),
            Op::CallIndirect { type_index, table, .. } => self.form_with_two(Form::CallIndirect, type_index, table),
            Op::MemorySize => self.form(Form::MemorySize),
            Op::MemoryGrow => self.form(Form::MemoryGrow),
            Op::MemoryFill => self.form(Form::MemoryFill),
            Op::MemoryCopy => self.form(Form::MemoryCopy),
            Op::MemoryInit(segment) => self.form_with(Form::MemoryInit, segment),
            Op::DataDrop(segment) => self.form_with(Form::DataDrop, segment),
            Op::TableGet { table, .. } => self.form_with(Form::TableGet, table),
            Op::TableSet(table) => self.form_with(Form::TableSet, table),
            Op::TableSize(table) => self.form_with(Form::TableSize, table),
            Op::TableGrow(table) => self.form_with(Form::TableGrow, table),
            Op::TableFill(table) => self.form_with(Form::TableFill, table),
            Op::TableCopy { dst, src } => self.form_with_two(Form::TableCopy, dst, src),
            Op::TableInit { segment, table } => self.form_with_two(Form::TableInit, segment, table),
            Op::ElemDrop(segment) => self.form_with(Form::ElemDrop, segment),
            Op::RefFunc(func) => self.form_with(Form::RefFunc, func),
            Op::Const(Const::Null(_)) | Op::Unary(_) | Op::Binary(_) | Op::Compare(_) | Op::Vector(_) => {
                unreachable!("it has no immediates")
            }
            Op::Def { .. } | Op::Label(_) | Op::Br(_) | Op::BrIf { .. } | Op::Unreachable => {
                unreachable!("it is held back")
            }
        }
    }

    fn form_with_two(&mut self, form: Form, first: u32, second: u32) {
        self.form_with(form, first);
        leb::unsigned(&mut self.out, second.into());
    }
}

/// The opcode of a definition of this kind.
fn definition(kind: u8) -> Form {
    match kind {
        MANY => Form::Def,
        ONE => Form::DefOne,
        _ => Form::DefBackward,
    }
}

impl<W: Write> Sink for Encoder<W> {
    fn module(&mut self, module: &ModuleInfo) {
        module_out::declarations(&mut self.out, module);
        for (number, ty) in (0..).zip(&module.types) {
            for (which, list) in [(0, &ty.params), (1, &ty.results)] {
                if list.len() > 1 && !self.lists.contains_key(&list[..]) {
                    self.lists.insert(list.clone(), module_out::FIRST_TYPE + 2 * number + which);
                }
            }
        }
    }

    fn begin(&mut self, _index: u32, ty: &FuncType, _offset: u32) {
        self.track.begin(ty.params.len());
    }

    fn at(&mut self, _offset: u32) {}

    fn op(&mut self, op: Op<'_>) {
        self.operator(op);
        self.track.pass(&op);
        if self.held.len() > LONGEST {
            let held = mem::take(&mut self.held);
            let done = self.release(&held);
            self.held = held;
            self.held.drain(..done);
        }
        if self.out.len() >= CHUNK {
            self.hand_on();
        }
    }

    fn end(&mut self) {
        let returns = matches!(self.held.last(), Some(Held::Return));
        if returns {
            self.held.pop();
        }
        self.release_all();
        self.form(if returns { Form::ReturnEnd } else { Form::End });
    }
}
