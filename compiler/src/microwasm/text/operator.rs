//! The lines of a function: an operator, or a label.

use super::parse::{Open, Parser};
use crate::error::CompileResult;
use crate::microwasm::{
    Binary, Callers, Compare, Label, Lane, Load, LoadLane, MemArg, Op, Sink, Store, StoreLane, Target, Unary, Vector,
};
use std::collections::HashMap;
use std::sync::LazyLock;

/// An operator of one of the families.
#[derive(Debug, Clone, Copy)]
enum Row {
    Unary(Unary),
    Binary(Binary),
    Compare(Compare),
    Load(Load),
    Store(Store),
    Vector(Vector),
    Lane(Lane),
    LoadLane(LoadLane),
    StoreLane(StoreLane),
}

/// The operators of the families by name.
static ROWS: LazyLock<HashMap<&'static str, Row>> = LazyLock::new(|| {
    let unary = Unary::ALL.iter().map(|op| (op.name(), Row::Unary(*op)));
    let binary = Binary::ALL.iter().map(|op| (op.name(), Row::Binary(*op)));
    let compare = Compare::ALL.iter().map(|op| (op.name(), Row::Compare(*op)));
    let load = Load::ALL.iter().map(|op| (op.name(), Row::Load(*op)));
    let store = Store::ALL.iter().map(|op| (op.name(), Row::Store(*op)));
    let vector = Vector::ALL.iter().map(|op| (op.name(), Row::Vector(*op)));
    let lane = Lane::ALL.iter().map(|op| (op.name(), Row::Lane(*op)));
    let load_lane = LoadLane::ALL.iter().map(|op| (op.name(), Row::LoadLane(*op)));
    let store_lane = StoreLane::ALL.iter().map(|op| (op.name(), Row::StoreLane(*op)));
    let scalar = unary.chain(binary).chain(compare).chain(load).chain(store);
    scalar.chain(vector).chain(lane).chain(load_lane).chain(store_lane).collect()
});

impl<'t, S: Sink> Parser<'t, S> {
    /// A line of a function.
    pub(super) fn operator(&mut self) -> CompileResult<()> {
        let column = self.line.column();
        let name = self.line.word("an operator, a label or `end`")?;
        if let Some(label) = name.strip_suffix(':') {
            return self.bind(label, column);
        }
        if name == "def" {
            return self.define(column);
        }
        self.checker.at(self.offset);
        match ROWS.get(name) {
            Some(Row::Unary(op)) => self.checker.op(Op::Unary(*op)),
            Some(Row::Binary(op)) => self.checker.op(Op::Binary(*op)),
            Some(Row::Compare(op)) => self.checker.op(Op::Compare(*op)),
            Some(Row::Load(op)) => {
                let arg = self.mem_arg()?;
                self.checker.op(Op::Load(*op, arg));
            }
            Some(Row::Store(op)) => {
                let arg = self.mem_arg()?;
                self.checker.op(Op::Store(*op, arg));
            }
            Some(Row::Vector(op)) => self.checker.op(Op::Vector(*op)),
            Some(Row::Lane(op)) => {
                let lane = self.line.lane()?;
                self.checker.op(Op::Lane(*op, lane));
            }
            Some(Row::LoadLane(op)) => {
                let (arg, lane) = self.lane_arg()?;
                self.checker.op(Op::LoadLane(*op, arg, lane));
            }
            Some(Row::StoreLane(op)) => {
                let (arg, lane) = self.lane_arg()?;
                self.checker.op(Op::StoreLane(*op, arg, lane));
            }
            None => self.other(name, column)?,
        }
        self.checked(column)
    }

    /// `offset=N`, which may be left out.
    fn mem_arg(&mut self) -> CompileResult<MemArg> {
        let mut offset = 0;
        if self.line.has("offset") {
            self.line.take("=")?;
            offset = self.line.number("the offset")?;
        }
        Ok(MemArg { offset })
    }

    /// `offset=N lane=N`.
    fn lane_arg(&mut self) -> CompileResult<(MemArg, u8)> {
        let arg = self.mem_arg()?;
        self.line.take("lane")?;
        self.line.take("=")?;
        Ok((arg, self.line.lane()?))
    }

    /// `[N, ..]` with sixteen numbers.
    fn shuffle(&mut self) -> CompileResult<Op<'static>> {
        let mut bytes = [0; 16];
        for (index, byte) in bytes.iter_mut().enumerate() {
            self.line.take(if index == 0 { "[" } else { "," })?;
            *byte = self.line.lane()?;
        }
        self.line.take("]")?;
        Ok(Op::Shuffle(bytes))
    }

    /// Takes a position or a count.
    fn plain(&mut self, what: &str) -> CompileResult<u32> {
        self.line.number32(what)
    }

    /// Takes a reference to a table that exists.
    fn table(&mut self) -> CompileResult<u32> {
        let column = self.line.column();
        let index = self.line.item("a table", &self.names.tables)?;
        self.exists(column, "table", index, self.info.tables.len())
    }

    /// Takes a reference to a global that exists.
    fn global(&mut self) -> CompileResult<u32> {
        let column = self.line.column();
        let index = self.line.item("a global", &self.names.globals)?;
        self.exists(column, "global", index, self.info.globals.len())
    }

    /// An operator that belongs to no family.
    fn other(&mut self, name: &str, column: u32) -> CompileResult<()> {
        if let Some(value) = self.line.constant(name)? {
            self.checker.op(Op::Const(value));
            return Ok(());
        }
        let op = match name {
            "locals" => Op::Locals { count: self.plain("the number of variables")?, ty: self.line.ty()? },
            "br" => Op::Br(self.target()?),
            "br_if" => {
                let then = self.target()?;
                self.line.take(",")?;
                Op::BrIf { then, otherwise: self.target()? }
            }
            "br_table" => return self.br_table(),
            "unreachable" => Op::Unreachable,
            "pick" => Op::Pick(self.plain("a position")?),
            "put" => Op::Put(self.plain("a position")?),
            "tee" => Op::Tee(self.plain("a position")?),
            "drop" => Op::Drop(self.plain("the number of operands")?),
            "select" => Op::Select,
            "i8x16.shuffle" => self.shuffle()?,
            "global.get" => {
                let index = self.global()?;
                Op::GlobalGet { index, ty: self.info.globals[index as usize].content }
            }
            "global.set" => Op::GlobalSet(self.global()?),
            "memory.size" => Op::MemorySize,
            "memory.grow" => Op::MemoryGrow,
            "memory.fill" => Op::MemoryFill,
            "memory.copy" => Op::MemoryCopy,
            "memory.init" => Op::MemoryInit(self.plain("a data segment")?),
            "data.drop" => Op::DataDrop(self.plain("a data segment")?),
            "table.get" => {
                let table = self.table()?;
                Op::TableGet { table, ty: self.info.tables[table as usize].element }
            }
            "table.set" => Op::TableSet(self.table()?),
            "table.size" => Op::TableSize(self.table()?),
            "table.grow" => Op::TableGrow(self.table()?),
            "table.fill" => Op::TableFill(self.table()?),
            "table.copy" => {
                let dst = self.table()?;
                self.line.take(",")?;
                Op::TableCopy { dst, src: self.table()? }
            }
            "table.init" => {
                let segment = self.plain("an element segment")?;
                self.line.take(",")?;
                Op::TableInit { segment, table: self.table()? }
            }
            "elem.drop" => Op::ElemDrop(self.plain("an element segment")?),
            "ref.func" => Op::RefFunc(self.func()?),
            "call" => {
                let func = self.func()?;
                self.checker.op(Op::Call { func, ty: self.info.func_type(func) });
                return Ok(());
            }
            "call_indirect" => return self.call_indirect(),
            _ => return Err(self.line.error(column, format!("`{name}` is no operator"))),
        };
        self.checker.op(op);
        Ok(())
    }

    fn call_indirect(&mut self) -> CompileResult<()> {
        let table = self.table()?;
        self.line.take("::")?;
        self.line.take("type")?;
        let column = self.line.column();
        let type_index = self.line.item("a type", &self.names.types)?;
        self.exists(column, "type", type_index, self.info.types.len())?;
        self.checker.op(Op::CallIndirect { type_index, ty: &self.info.types[type_index as usize], table });
        Ok(())
    }

    fn br_table(&mut self) -> CompileResult<()> {
        let mut targets = std::mem::take(&mut self.targets);
        targets.clear();
        self.line.take("[")?;
        while !self.line.has_mark("]") {
            if !targets.is_empty() {
                self.line.take(",")?;
            }
            targets.push(self.target()?);
        }
        self.line.take(",")?;
        let default = self.target()?;
        self.checker.op(Op::BrTable { targets: &targets, default });
        self.targets = targets;
        Ok(())
    }

    /// Takes a target: a label, or `.return`.
    fn target(&mut self) -> CompileResult<Target> {
        let column = self.line.column();
        let word = self.line.word("a label or `.return`")?;
        if word == ".return" {
            return Ok(Target::Return);
        }
        self.label(word, column).map(Target::Label)
    }

    /// The number of a label that is written like this: `.L` and a number, or a name.
    fn label(&self, word: &str, column: u32) -> CompileResult<Label> {
        if let Some(number) = numbered(word) {
            return Ok(Label(number));
        }
        if !word.starts_with('.') {
            return Err(self.line.error(column, format!("`{word}` is no label: a label starts with a point")));
        }
        match self.label_numbers.get(word).and_then(|numbers| numbers.last()) {
            Some(number) => Ok(Label(*number)),
            None => Err(self.line.error(column, format!("M6: no label {word} is open"))),
        }
    }

    /// Forgets the labels from this number up.
    fn close(&mut self, from: usize) {
        for open in self.labels.drain(from.min(self.labels.len())..).rev() {
            if let Some(numbers) = open.name.and_then(|name| self.label_numbers.get_mut(name)) {
                numbers.pop();
            }
        }
    }

    fn bind(&mut self, word: &str, column: u32) -> CompileResult<()> {
        let label = self.label(word, column)?;
        self.checker.at(self.offset);
        self.checker.op(Op::Label(label));
        self.checked(column)?;
        if !self.labels[label.0 as usize].backward {
            self.close(label.0 as usize);
        }
        Ok(())
    }

    /// `def LABEL [keep=N] [params=[..]] [callers=1|many] [backward]`.
    fn define(&mut self, column: u32) -> CompileResult<()> {
        let label_column = self.line.column();
        let word = self.line.word("a label")?;
        let (label, name) = match numbered(word) {
            Some(number) => (number, None),
            None if word.starts_with('.') && word != ".return" => (self.labels.len() as u32, Some(word)),
            None => return Err(self.line.error(label_column, format!("`{word}` cannot be a label"))),
        };
        let mut keep = self.checker.height();
        let mut params = std::mem::take(&mut self.params);
        params.clear();
        let (mut callers, mut backward) = (Callers::Many, false);
        while !self.line.is_empty() {
            let column = self.line.column();
            match self.line.word("`keep`, `params`, `callers` or `backward`")? {
                "keep" => {
                    self.line.take("=")?;
                    keep = self.plain("the number of entries")?;
                }
                "params" => {
                    self.line.take("=")?;
                    self.line.types(&mut params)?;
                }
                "callers" => {
                    self.line.take("=")?;
                    let column = self.line.column();
                    callers = match self.line.word("`1` or `many`")? {
                        "1" => Callers::One,
                        "many" => Callers::Many,
                        _ => return Err(self.line.error(column, "callers are `1` or `many`")),
                    };
                }
                "backward" => backward = true,
                other => return Err(self.line.error(column, format!("a label has no `{other}`"))),
            }
        }
        self.checker.at(self.offset);
        self.checker.op(Op::Def { label: Label(label), keep, params: &params, callers, backward });
        self.params = params;
        self.checked(column)?;
        self.close(label as usize);
        self.labels.push(Open { name, backward });
        if let Some(name) = name {
            self.label_numbers.entry(name).or_default().push(label);
        }
        Ok(())
    }
}

/// The number of a label that is written as `.L` and a number.
fn numbered(word: &str) -> Option<u32> {
    let digits = word.strip_prefix(".L")?;
    let canonical = digits == "0" || (!digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit()));
    digits.parse().ok().filter(|_| canonical)
}
