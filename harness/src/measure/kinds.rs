//! What costs what: a module's bytes and operators by kind, for both forms.

use anyhow::Result;
use lightbeam::CompileError;
use lightbeam::microwasm::binary::{Decoder, Encoder};
use lightbeam::microwasm::{Both, Counter, FuncType, Op, Sink};
use lightbeam::wasm::module::ModuleInfo;
use serde::Serialize;
use std::collections::BTreeMap;
use wasmparser::{Operator, Parser, Payload};

/// Kinds of things in a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Reading and writing locals; `pick`, `put` and `tee`.
    Variables,
    /// Constants.
    Constants,
    /// Arithmetic, comparisons and conversions.
    Arithmetic,
    /// Loads and stores.
    Memory,
    /// Blocks and branches; labels and branches.
    Control,
    /// Calls.
    Calls,
    /// Reading and writing globals.
    Globals,
    /// `drop` and `select`.
    Stack,
    /// Tables, references, and operators on whole ranges of memory.
    Other,
    /// Sizes of functions, and the declaration of their locals.
    Functions,
    /// Everything before the code.
    Declarations,
    /// Data segments.
    Data,
}

impl Kind {
    /// Whether it is part of functions.
    pub fn is_code(self) -> bool {
        !matches!(self, Kind::Declarations | Kind::Data)
    }

    /// What it is called in a table.
    pub fn title(self) -> &'static str {
        match self {
            Kind::Variables => "variables",
            Kind::Constants => "constants",
            Kind::Arithmetic => "arithmetic, comparisons, conversions",
            Kind::Memory => "loads and stores",
            Kind::Control => "blocks, labels, branches",
            Kind::Calls => "calls",
            Kind::Globals => "globals",
            Kind::Stack => "drop and select",
            Kind::Other => "tables, references, ranges of memory",
            Kind::Functions => "functions' sizes and locals",
            Kind::Declarations => "declarations",
            Kind::Data => "data",
        }
    }
}

/// What one kind costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Cost {
    /// Bytes.
    pub bytes: u64,
    /// Operators; 0 for what is none.
    pub operators: u64,
}

/// What each kind costs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Ledger(pub BTreeMap<Kind, Cost>);

impl Ledger {
    /// Adds to a kind.
    pub fn charge(&mut self, kind: Kind, bytes: u64, operators: u64) {
        let cost = self.0.entry(kind).or_default();
        cost.bytes += bytes;
        cost.operators += operators;
    }

    /// Adds what another one has.
    pub fn add(&mut self, other: &Ledger) {
        for (kind, cost) in &other.0 {
            self.charge(*kind, cost.bytes, cost.operators);
        }
    }

    /// All kinds together.
    pub fn total(&self) -> Cost {
        self.sum(|_| true)
    }

    /// All kinds of functions together.
    pub fn code(&self) -> Cost {
        self.sum(Kind::is_code)
    }

    fn sum(&self, of: impl Fn(Kind) -> bool) -> Cost {
        let costs = self.0.iter().filter(|(kind, _)| of(**kind));
        costs.fold(Cost::default(), |sum, (_, cost)| Cost {
            bytes: sum.bytes + cost.bytes,
            operators: sum.operators + cost.operators,
        })
    }
}

/// A Wasm module without custom sections, by kind.
///
/// # Errors
///
/// If it is malformed.
pub fn of_wasm(wasm: &[u8]) -> Result<Ledger> {
    let mut ledger = Ledger::default();
    // Where the last function ended: the size of the next one is written there.
    let mut end = 0;
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        let section = payload.as_section();
        match payload {
            Payload::CodeSectionStart { .. } => end = section.map_or(0, |(_, range)| range.start),
            Payload::CodeSectionEntry(body) => {
                let (mut kind, mut start) = (Kind::Functions, end);
                end = body.range().end;
                for operator in body.get_operators_reader()?.into_iter_with_offsets() {
                    let (operator, offset) = operator?;
                    ledger.charge(kind, offset - start, u64::from(kind != Kind::Functions));
                    (kind, start) = (of_operator(&operator), offset);
                }
                ledger.charge(kind, end - start, 1);
            }
            Payload::DataSection(section) => ledger.charge(Kind::Data, section.range().end - section.range().start, 0),
            _ => {}
        }
    }
    let declarations = wasm.len() as u64 - ledger.total().bytes;
    ledger.charge(Kind::Declarations, declarations, 0);
    Ok(ledger)
}

fn of_operator(operator: &Operator<'_>) -> Kind {
    use Operator as O;
    match operator {
        O::LocalGet { .. } | O::LocalSet { .. } | O::LocalTee { .. } => Kind::Variables,
        O::I32Const { .. } | O::I64Const { .. } | O::F32Const { .. } | O::F64Const { .. } => Kind::Constants,
        O::Block { .. }
        | O::Loop { .. }
        | O::If { .. }
        | O::Else
        | O::End
        | O::Br { .. }
        | O::BrIf { .. }
        | O::BrTable { .. }
        | O::Return
        | O::Nop
        | O::Unreachable => Kind::Control,
        O::Call { .. } | O::CallIndirect { .. } => Kind::Calls,
        O::GlobalGet { .. } | O::GlobalSet { .. } => Kind::Globals,
        O::Drop | O::Select | O::TypedSelect { .. } => Kind::Stack,
        O::MemorySize { .. }
        | O::MemoryGrow { .. }
        | O::MemoryFill { .. }
        | O::MemoryCopy { .. }
        | O::MemoryInit { .. }
        | O::DataDrop { .. }
        | O::TableGet { .. }
        | O::TableSet { .. }
        | O::TableSize { .. }
        | O::TableGrow { .. }
        | O::TableFill { .. }
        | O::TableCopy { .. }
        | O::TableInit { .. }
        | O::ElemDrop { .. }
        | O::RefNull { .. }
        | O::RefIsNull
        | O::RefFunc { .. } => Kind::Other,
        O::I32Load { .. }
        | O::I64Load { .. }
        | O::F32Load { .. }
        | O::F64Load { .. }
        | O::I32Load8S { .. }
        | O::I32Load8U { .. }
        | O::I32Load16S { .. }
        | O::I32Load16U { .. }
        | O::I64Load8S { .. }
        | O::I64Load8U { .. }
        | O::I64Load16S { .. }
        | O::I64Load16U { .. }
        | O::I64Load32S { .. }
        | O::I64Load32U { .. }
        | O::I32Store { .. }
        | O::I64Store { .. }
        | O::F32Store { .. }
        | O::F64Store { .. }
        | O::I32Store8 { .. }
        | O::I32Store16 { .. }
        | O::I64Store8 { .. }
        | O::I64Store16 { .. }
        | O::I64Store32 { .. } => Kind::Memory,
        _ => Kind::Arithmetic,
    }
}

/// A module in Microwasm's binary format by kind, and what its functions hold.
///
/// # Errors
///
/// If it is refused.
pub fn of_microwasm(microwasm: &[u8]) -> Result<(Ledger, Counter), CompileError> {
    let mut decoder = Decoder::new(Both(Counter::default(), Bookkeeper::default()));
    decoder.push(microwasm)?;
    let (info, Both(counter, books)) = decoder.finish()?;
    // Declarations and data stand before and after the code: without it, they are encoded once more.
    let declared = encoded_declarations(&info);
    // The count of data segments, one byte for none, is theirs.
    let before = encoded_declarations(&ModuleInfo { data: Vec::new(), ..info }) - 1;
    let data = declared - before;
    let mut ledger = books.finish((microwasm.len() - data) as u32);
    ledger.charge(Kind::Declarations, before as u64, 0);
    ledger.charge(Kind::Data, data as u64, 0);
    Ok((ledger, counter))
}

fn encoded_declarations(info: &ModuleInfo) -> usize {
    let mut encoder = Encoder::new(Vec::new());
    encoder.module(info);
    encoder.finish(info).expect("a vector takes everything").len()
}

/// The sink that keeps the books of code: what a decoder says, with its byte offsets.
#[derive(Debug, Default)]
struct Bookkeeper {
    ledger: Ledger,
    /// The operator, or the beginning of a function, that is not charged yet, and where it begins.
    last: Option<(Kind, u32)>,
    /// Whether `last` waits for the first operator of its bytes.
    fresh: bool,
    operators: u64,
}

impl Bookkeeper {
    /// The books of all code, which ends at this byte offset.
    fn finish(mut self, end: u32) -> Ledger {
        self.close(end);
        self.ledger
    }

    fn close(&mut self, end: u32) {
        if let Some((kind, start)) = self.last.take() {
            self.ledger.charge(kind, u64::from(end - start), self.operators);
        }
        self.operators = 0;
    }
}

impl Sink for Bookkeeper {
    fn module(&mut self, _module: &ModuleInfo) {}

    fn begin(&mut self, _index: u32, _ty: &FuncType, offset: u32) {
        self.close(offset);
        self.last = Some((Kind::Functions, offset));
        self.fresh = false;
    }

    fn at(&mut self, offset: u32) {
        self.close(offset);
        self.last = Some((Kind::Functions, offset));
        self.fresh = true;
    }

    fn op(&mut self, op: Op<'_>) {
        self.operators += 1;
        if self.fresh
            && let Some((kind, _)) = &mut self.last
        {
            (*kind, self.fresh) = (of_op(&op), false);
        }
    }

    fn end(&mut self) {}
}

fn of_op(op: &Op<'_>) -> Kind {
    match op {
        Op::Locals { .. } => Kind::Functions,
        Op::Pick(_) | Op::Put(_) | Op::Tee(_) => Kind::Variables,
        Op::Const(_) => Kind::Constants,
        Op::Unary(_) | Op::Binary(_) | Op::Compare(_) => Kind::Arithmetic,
        Op::Vector(_) | Op::Lane(..) | Op::Shuffle(_) => Kind::Arithmetic,
        Op::Load(..) | Op::Store(..) | Op::LoadLane(..) | Op::StoreLane(..) => Kind::Memory,
        Op::Def { .. } | Op::Label(_) | Op::Br(_) | Op::BrIf { .. } | Op::BrTable { .. } | Op::Unreachable => {
            Kind::Control
        }
        Op::Call { .. } | Op::CallIndirect { .. } => Kind::Calls,
        Op::GlobalGet { .. } | Op::GlobalSet(_) => Kind::Globals,
        Op::Drop(_) | Op::Select => Kind::Stack,
        Op::MemorySize
        | Op::MemoryGrow
        | Op::MemoryFill
        | Op::MemoryCopy
        | Op::MemoryInit(_)
        | Op::DataDrop(_)
        | Op::TableGet { .. }
        | Op::TableSet(_)
        | Op::TableSize(_)
        | Op::TableGrow(_)
        | Op::TableFill(_)
        | Op::TableCopy { .. }
        | Op::TableInit { .. }
        | Op::ElemDrop(_)
        | Op::RefFunc(_) => Kind::Other,
    }
}
