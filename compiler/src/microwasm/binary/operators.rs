//! Reads a function's operators and tells them to the checker.

use super::format::{Code, Form, LONG, SHORT, VECTOR};
use super::leb::{Read, Reader, Stop, bad};
use super::module_in;
use super::track::Track;
use crate::microwasm::check::{Checker, Fault};
use crate::microwasm::{Callers, Const, Label, MemArg, Op, Sink, Target, Type};
use crate::wasm::module::{GlobalType, ModuleInfo, TableType};
use std::borrow::Cow;

/// A `br_table` whose targets are still being read.
#[derive(Debug)]
struct Table {
    /// The operator's byte offset.
    offset: u64,
    /// How many targets are to come, the default one included.
    left: u64,
}

/// Where operators go: first to the checker.
#[derive(Debug)]
pub(super) struct Out<S> {
    pub(super) checker: Checker<S>,
    track: Track,
}

/// The state of reading functions.
#[derive(Debug)]
pub(super) struct Operators<S> {
    pub(super) out: Out<S>,
    table: Option<Table>,
    targets: Vec<Target>,
}

impl<S: Sink> Out<S> {
    #[inline(always)]
    fn op(&mut self, op: Op<'_>) {
        self.checker.op(op);
        self.track.pass(&op);
    }

    #[inline(always)]
    fn one(&mut self, offset: u32, op: Op<'_>) -> Read<()> {
        self.checker.at(offset);
        self.op(op);
        Ok(())
    }

    /// Defines the next label; what it keeps is this much below the top.
    fn define(&mut self, depth: u32, params: &[Type], callers: Callers, backward: bool) -> Label {
        let (label, keep) = (Label(self.track.labels()), self.track.height().wrapping_sub(depth));
        self.op(Op::Def { label, keep, params, callers, backward });
        label
    }

    fn target(&self, distance: u32) -> Read<Target> {
        self.track.target(distance).ok_or_else(|| bad(format!("M6: no label is {distance} below the newest")))
    }

    fn label(&self, above: u32) -> Read<Label> {
        self.track.label(above).ok_or_else(|| bad(format!("M6: no label is {above} below the newest")))
    }

    /// Reads a target.
    #[inline]
    fn read_target(&self, reader: &mut Reader<'_>) -> Read<Target> {
        let distance = reader.u32()?;
        self.target(distance)
    }

    /// Checks how far below the top something is.
    fn depth(&self, depth: u32) -> Read<u32> {
        if depth <= self.track.height() {
            return Ok(depth);
        }
        Err(bad(format!("M2: the stack has {} entries and not {depth}", self.track.height())))
    }

    fn jump(&mut self, target: Label) {
        self.op(Op::Br(Target::Label(target)));
        self.op(Op::Label(target));
    }
}

impl<S: Sink> Operators<S> {
    pub(super) fn new(sink: S) -> Operators<S> {
        let out = Out { checker: Checker::new(sink), track: Track::default() };
        Operators { out, table: None, targets: Vec::new() }
    }

    /// What the checker found, if anything is wrong.
    #[inline]
    pub(super) fn checked(&self) -> Read<()> {
        match self.out.checker.fault() {
            None => Ok(()),
            Some(fault) => Err(Stop::Bad(Box::new(fault.clone()))),
        }
    }

    /// A function starts.
    pub(super) fn begin(&mut self, info: &ModuleInfo, index: u32, offset: u32) -> Read<()> {
        let ty = info.func_type(index);
        self.out.track.begin(ty.params.len());
        self.out.checker.begin(index, ty, offset);
        self.checked()
    }

    /// Reads operators to the function's end. `base` is the byte offset of the reader's first byte.
    /// If it stops, the reader is after the last operator that was whole.
    pub(super) fn read(&mut self, info: &ModuleInfo, reader: &mut Reader<'_>, base: u64) -> Read<()> {
        loop {
            let start = reader.position;
            let mut offset = base + start as u64;
            let read = if let Some(table) = &self.table {
                offset = table.offset;
                self.read_table(reader).map(|()| false)
            } else {
                self.operator(info, reader, offset)
            };
            let ended = read.and_then(|ended| self.checked().map(|()| ended));
            match ended {
                Ok(false) => {}
                Ok(true) => return Ok(()),
                Err(stop) => {
                    reader.position = start;
                    return Err(match stop {
                        Stop::Bad(fault) => Stop::Refused(Box::new(fault.at(offset))),
                        stop => stop,
                    });
                }
            }
        }
    }

    /// Reads one target of a `br_table`, and tells the operator when it was the last.
    fn read_table(&mut self, reader: &mut Reader<'_>) -> Read<()> {
        let target = self.out.read_target(reader)?;
        let Some(table) = &mut self.table else { return Ok(()) };
        table.left -= 1;
        if table.left > 0 {
            self.targets.push(target);
            return Ok(());
        }
        let offset = table.offset as u32;
        self.table = None;
        self.out.one(offset, Op::BrTable { targets: &self.targets, default: target })
    }

    /// Reads one operator, or the function's end.
    #[inline(always)]
    fn operator(&mut self, info: &ModuleInfo, reader: &mut Reader<'_>, offset: u64) -> Read<bool> {
        let at = offset as u32;
        let out = &mut self.out;
        let mut code = SHORT[reader.byte()? as usize];
        if code == Code::Extended {
            code = LONG[reader.byte()? as usize];
        }
        match code {
            Code::PickAt(position) => out.one(at, Op::Pick(position.into()))?,
            Code::PutAt(position) => out.one(at, Op::Put(position.into()))?,
            Code::TeeAt(position) => out.one(at, Op::Tee(position.into()))?,
            Code::I32At(value) => out.one(at, Op::Const(Const::I32(value.into())))?,
            Code::Unary(op) => out.one(at, Op::Unary(op))?,
            Code::Binary(op) => out.one(at, Op::Binary(op))?,
            Code::Compare(op) => out.one(at, Op::Compare(op))?,
            Code::LoadAt(op, offset) => out.one(at, Op::Load(op, MemArg { offset: offset.into() }))?,
            Code::StoreAt(op, offset) => out.one(at, Op::Store(op, MemArg { offset: offset.into() }))?,
            Code::Load(op) => {
                let offset = reader.u64()?;
                out.one(at, Op::Load(op, MemArg { offset }))?;
            }
            Code::Store(op) => {
                let offset = reader.u64()?;
                out.one(at, Op::Store(op, MemArg { offset }))?;
            }
            Code::Locals(ty) => {
                let count = reader.u32()?;
                out.one(at, Op::Locals { count, ty })?;
            }
            Code::Null(ty) => out.one(at, Op::Const(Const::Null(ty)))?,
            Code::Form(form) => return self.form(form, info, reader, offset),
            Code::Vectors => self.vector(reader, at)?,
            Code::Reserved
            | Code::Extended
            | Code::V128Const
            | Code::Shuffle
            | Code::Vector(_)
            | Code::Lane(_)
            | Code::LoadLane(_)
            | Code::StoreLane(_) => return Err(bad("the opcode means nothing")),
        }
        Ok(false)
    }

    /// Reads an operator on vectors, after the prefix.
    fn vector(&mut self, reader: &mut Reader<'_>, at: u32) -> Read<()> {
        let op = match VECTOR[reader.byte()? as usize] {
            Code::V128Const => Op::Const(Const::V128(module_in::v128(reader)?)),
            Code::Shuffle => Op::Shuffle(module_in::v128(reader)?),
            Code::Vector(op) => Op::Vector(op),
            Code::Lane(op) => Op::Lane(op, reader.byte()?),
            Code::Load(op) => Op::Load(op, MemArg { offset: reader.u64()? }),
            Code::Store(op) => Op::Store(op, MemArg { offset: reader.u64()? }),
            Code::LoadLane(op) => Op::LoadLane(op, MemArg { offset: reader.u64()? }, reader.byte()?),
            Code::StoreLane(op) => Op::StoreLane(op, MemArg { offset: reader.u64()? }, reader.byte()?),
            _ => return Err(bad("the opcode means nothing")),
        };
        self.out.one(at, op)
    }

    /// Reads an operator that is in no family, or the function's end.
    fn form(&mut self, form: Form, info: &ModuleInfo, reader: &mut Reader<'_>, offset: u64) -> Read<bool> {
        let at = offset as u32;
        let out = &mut self.out;
        match form {
            Form::End | Form::ReturnEnd => {
                out.checker.at(at);
                if form == Form::ReturnEnd {
                    out.op(Op::Br(Target::Return));
                }
                out.checker.end();
                return Ok(true);
            }
            Form::Pick => {
                let position = reader.u32()?;
                out.one(at, Op::Pick(position))?;
            }
            Form::Put => {
                let position = reader.u32()?;
                out.one(at, Op::Put(position))?;
            }
            Form::Tee => {
                let position = reader.u32()?;
                out.one(at, Op::Tee(position))?;
            }
            Form::Drop1 => out.one(at, Op::Drop(1))?,
            Form::Select => out.one(at, Op::Select)?,
            Form::I32Const => {
                let value = reader.i32()?;
                out.one(at, Op::Const(Const::I32(value)))?;
            }
            Form::I64Const => {
                let value = reader.i64()?;
                out.one(at, Op::Const(Const::I64(value)))?;
            }
            Form::F32Const => {
                let bits = module_in::f32(reader)?;
                out.one(at, Op::Const(Const::F32(bits)))?;
            }
            Form::F64Const => {
                let bits = module_in::f64(reader)?;
                out.one(at, Op::Const(Const::F64(bits)))?;
            }
            Form::GlobalGet => {
                let index = reader.u32()?;
                let ty = global(info, index)?.content;
                out.one(at, Op::GlobalGet { index, ty })?;
            }
            Form::GlobalSet => {
                let index = reader.u32()?;
                out.one(at, Op::GlobalSet(index))?;
            }
            Form::Call => {
                let func = reader.u32()?;
                let ty = info.funcs.get(func as usize).ok_or_else(|| missing("function", func))?;
                let ty = info.types.get(*ty as usize).ok_or_else(|| missing("type", *ty))?;
                out.one(at, Op::Call { func, ty })?;
            }
            Form::CallIndirect0 | Form::CallIndirect => {
                let type_index = reader.u32()?;
                let table = if form == Form::CallIndirect { reader.u32()? } else { 0 };
                let ty = info.types.get(type_index as usize).ok_or_else(|| missing("type", type_index))?;
                out.one(at, Op::CallIndirect { type_index, ty, table })?;
            }
            Form::BrTable => {
                let count = reader.u32()?;
                self.targets.clear();
                self.table = Some(Table { offset, left: u64::from(count) + 1 });
            }
            _ => {
                self.control(form, info, reader, at)?;
            }
        }
        Ok(false)
    }

    /// Reads control and its abbreviations.
    fn control(&mut self, form: Form, info: &ModuleInfo, reader: &mut Reader<'_>, at: u32) -> Read<()> {
        let out = &mut self.out;
        match form {
            Form::Unreachable => out.one(at, Op::Unreachable)?,
            Form::Return => out.one(at, Op::Br(Target::Return))?,
            Form::Br => {
                let target = out.read_target(reader)?;
                out.one(at, Op::Br(target))?;
            }
            Form::BrIf => {
                let then = out.read_target(reader)?;
                out.depth(1)?;
                out.checker.at(at);
                let next = out.define(1, &[], Callers::One, false);
                out.op(Op::BrIf { then, otherwise: Target::Label(next) });
                out.op(Op::Label(next));
            }
            Form::BrIfBoth => {
                let then = out.read_target(reader)?;
                let otherwise = out.read_target(reader)?;
                out.one(at, Op::BrIf { then, otherwise })?;
            }
            Form::BlockEmpty | Form::Block => {
                let params = if form == Form::Block { list(info, reader)? } else { Cow::Borrowed(&[][..]) };
                out.checker.at(at);
                out.define(0, &params, Callers::Many, false);
            }
            Form::LoopEmpty | Form::Loop | Form::IfEmpty | Form::If => {
                let (mut a, mut b) = (Cow::Borrowed(&[][..]), Cow::Borrowed(&[][..]));
                if matches!(form, Form::Loop | Form::If) {
                    a = list(info, reader)?;
                    b = list(info, reader)?;
                }
                let conditional = matches!(form, Form::IfEmpty | Form::If);
                let depth = out.depth(b.len() as u32 + u32::from(conditional))?;
                out.checker.at(at);
                out.define(depth, &a, Callers::Many, false);
                if conditional {
                    let otherwise = Target::Label(out.define(depth, &b, Callers::One, false));
                    let then = out.define(depth, &b, Callers::One, false);
                    out.op(Op::BrIf { then: Target::Label(then), otherwise });
                    out.op(Op::Label(then));
                } else {
                    let header = out.define(depth, &b, Callers::Many, true);
                    out.jump(header);
                }
            }
            Form::Else => {
                let (end, otherwise) = (out.label(1)?, out.label(0)?);
                out.checker.at(at);
                out.op(Op::Br(Target::Label(end)));
                out.op(Op::Label(otherwise));
            }
            Form::EndDead => {
                let otherwise = out.label(0)?;
                out.one(at, Op::Label(otherwise))?;
                self.checked()?;
                let end = self.out.label(0)?;
                self.out.jump(end);
            }
            Form::End0 | Form::End1 | Form::Ends => {
                let end = out.label(u32::from(form == Form::End1))?;
                out.checker.at(at);
                out.jump(end);
                if form == Form::Ends {
                    self.checked()?;
                    let end = self.out.label(0)?;
                    self.out.jump(end);
                }
            }
            Form::Bind0 | Form::Bind1 | Form::Bind => {
                let above = if form == Form::Bind { reader.u32()? } else { u32::from(form == Form::Bind1) };
                let label = out.label(above)?;
                out.one(at, Op::Label(label))?;
            }
            Form::UnreachableBind => {
                let label = out.label(0)?;
                out.one(at, Op::Unreachable)?;
                out.op(Op::Label(label));
            }
            Form::Def | Form::DefOne | Form::DefBackward | Form::DefClosing => {
                return self.definition(form, info, reader, at);
            }
            _ => self.bulk(form, info, reader, at)?,
        }
        Ok(())
    }

    /// Reads a definition that is no abbreviation.
    fn definition(&mut self, form: Form, info: &ModuleInfo, reader: &mut Reader<'_>, at: u32) -> Read<()> {
        let (mut form, mut closed) = (form, 0);
        if form == Form::DefClosing {
            form = match reader.byte()? {
                0 => Form::Def,
                1 => Form::DefOne,
                2 => Form::DefBackward,
                kind => return Err(bad(format!("a definition of the kind {kind}"))),
            };
            closed = reader.u32()?;
            if closed == 0 {
                return Err(bad("a definition closes no labels in the form that is for closing some"));
            }
        }
        let out = &mut self.out;
        let depth = reader.u32()?;
        let depth = out.depth(depth)?;
        let params = list(info, reader)?;
        let missing = || bad(format!("M6: {closed} labels cannot be closed"));
        let label = Label(out.track.labels().checked_sub(closed).ok_or_else(missing)?);
        let keep = out.track.height() - depth;
        let callers = if form == Form::DefOne { Callers::One } else { Callers::Many };
        let backward = form == Form::DefBackward;
        out.one(at, Op::Def { label, keep, params: &params, callers, backward })
    }

    /// Reads what is rare: memory, tables, segments.
    fn bulk(&mut self, form: Form, info: &ModuleInfo, reader: &mut Reader<'_>, at: u32) -> Read<()> {
        let op = match form {
            Form::Drop => match reader.u32()? {
                1 => return Err(bad("drop 1 has an opcode of its own")),
                // The checker would go over them one by one, and refuse it.
                count if count > self.out.track.height() => {
                    return Err(bad(format!("M1: {count} entries are dropped of {}", self.out.track.height())));
                }
                count => Op::Drop(count),
            },
            Form::MemorySize => Op::MemorySize,
            Form::MemoryGrow => Op::MemoryGrow,
            Form::MemoryFill => Op::MemoryFill,
            Form::MemoryCopy => Op::MemoryCopy,
            Form::MemoryInit => Op::MemoryInit(reader.u32()?),
            Form::DataDrop => Op::DataDrop(reader.u32()?),
            Form::TableGet => {
                let table = reader.u32()?;
                Op::TableGet { table, ty: table_type(info, table)?.element }
            }
            Form::TableSet => Op::TableSet(reader.u32()?),
            Form::TableSize => Op::TableSize(reader.u32()?),
            Form::TableGrow => Op::TableGrow(reader.u32()?),
            Form::TableFill => Op::TableFill(reader.u32()?),
            Form::TableCopy => Op::TableCopy { dst: reader.u32()?, src: reader.u32()? },
            Form::TableInit => Op::TableInit { segment: reader.u32()?, table: reader.u32()? },
            Form::ElemDrop => Op::ElemDrop(reader.u32()?),
            Form::RefFunc => Op::RefFunc(reader.u32()?),
            _ => unreachable!("it is read elsewhere"),
        };
        self.out.one(at, op)
    }
}

#[cold]
fn missing(what: &str, index: u32) -> Box<Fault> {
    Fault::rule(format!("M1: there is no {what} {index}"))
}

fn global(info: &ModuleInfo, index: u32) -> Result<&GlobalType, Box<Fault>> {
    info.globals.get(index as usize).ok_or_else(|| missing("global", index))
}

fn table_type(info: &ModuleInfo, index: u32) -> Result<&TableType, Box<Fault>> {
    info.tables.get(index as usize).ok_or_else(|| missing("table", index))
}

/// Reads a label's parameters.
fn list<'i>(info: &'i ModuleInfo, reader: &mut Reader<'_>) -> Read<Cow<'i, [Type]>> {
    use super::format::TYPES;
    use super::module_out::{FIRST_TYPE, INLINE};
    let number = reader.u32()?;
    if number < INLINE {
        let one = TYPES.get((number as usize).wrapping_sub(1));
        return Ok(Cow::Borrowed(one.map_or(&[], std::slice::from_ref)));
    }
    let Some(which) = number.checked_sub(FIRST_TYPE) else {
        return module_in::types(reader).map(|types| Cow::Owned(types.into()));
    };
    let ty = info.types.get(which as usize / 2).ok_or_else(|| missing("type", which / 2))?;
    Ok(Cow::Borrowed(if which % 2 == 0 { &ty.params } else { &ty.results }))
}
