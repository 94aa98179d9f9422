//! Writes the body of a function from the top down: an operator is chosen for the type that is
//! wanted, then its operands. So every value has a use, and [`Writer::finish`] shows what is left in
//! locals: what is computed wrong is seen.

mod state;
mod vector;

use super::draft::{Body, Draft, NUMBERS};
use super::operators::{LOADS, Operator, STORES};
use crate::host::edge_value;
use crate::rng::Rng;
use crate::value::{FuncIdentity, Value, ValueType};
use ValueType::{ExternRef, F32, FuncRef, I32, I64, V128};
use wasm_encoder::Instruction as I;

/// Where [`Writer::finish`] stores locals.
const DUMP: u64 = 0x4000;
/// Locals that are stored; more would only cost time.
const DUMPED: usize = 96;
/// Addresses are mostly below this.
const NEAR: i32 = 0xfff;

/// A label that a branch may go to.
#[derive(Debug, Clone)]
pub struct Label {
    /// What a branch carries.
    pub types: Vec<ValueType>,
    /// Whether it is a loop's.
    pub header: bool,
}

/// A function at work.
#[derive(Debug)]
pub struct Writer<'a> {
    /// Where choices come from.
    pub rng: &'a mut Rng,
    /// The module.
    pub draft: &'a mut Draft,
    /// The function's body so far.
    pub body: Body,
    /// The open labels, the function's own first.
    pub labels: Vec<Label>,
    /// Functions with lower indices may be called.
    callable: u32,
    /// From this many bytes on, only what ends the body is written.
    limit: usize,
    /// Locals that count the rounds of loops, which nothing else writes.
    counters: Vec<u32>,
    /// The results.
    results: Vec<ValueType>,
}

impl<'a> Writer<'a> {
    /// Begins the body of a declared function that will have about `limit` bytes.
    pub fn new(rng: &'a mut Rng, draft: &'a mut Draft, func: u32, limit: usize) -> Writer<'a> {
        let (params, results) = draft.signature(func).clone();
        let labels = vec![Label { types: results.clone(), header: false }];
        Writer { rng, draft, body: Body::new(&params), labels, callable: func, limit, counters: Vec::new(), results }
    }

    /// Pushes the results and stores all locals and what else would stay unseen; gives the body.
    pub fn finish(mut self) -> Body {
        let locals: Vec<_> = self.body.locals().iter().copied().enumerate().collect();
        let is_data = |ty: &ValueType| NUMBERS.contains(ty) || *ty == V128;
        let step = if self.draft.vectors { 16 } else { 8 };
        for (local, ty) in locals.into_iter().filter(|(_, ty)| is_data(ty)).take(DUMPED) {
            self.body.i32(0);
            self.body.get(local as u32);
            self.body.store(ty, DUMP + step * local as u64);
        }
        self.limit = self.limit.max(self.body.size() + 40);
        for ty in self.results.clone() {
            self.value(ty, 2);
        }
        self.body
    }

    /// Functions with lower indices may be called without recursion.
    pub const fn callable(&self) -> u32 {
        self.callable
    }

    /// Whether the body has its size.
    pub fn tired(&self) -> bool {
        self.body.size() >= self.limit
    }

    /// Pushes values of these types.
    pub fn values(&mut self, types: &[ValueType], depth: u32) {
        types.iter().for_each(|ty| self.value(*ty, depth));
    }

    /// Pops values of these types into locals of any name.
    pub fn keep(&mut self, types: &[ValueType]) {
        for ty in types.iter().rev() {
            let local = self.some_local(*ty);
            self.body.set(local);
        }
    }

    /// A local of a type that may be written; a new one if there is none, and sometimes anyway.
    pub fn some_local(&mut self, ty: ValueType) -> u32 {
        let count = self.body.locals().len();
        let start = self.rng.below(count as u64 + 1) as usize;
        let fits = |at: &usize| self.body.locals()[*at] == ty && !self.counters.contains(&(*at as u32));
        match (start..count).chain(0..start).find(fits) {
            Some(local) if !self.rng.one_in(12) => local as u32,
            _ => self.body.local(ty),
        }
    }

    /// A constant biased to edges.
    pub fn constant(&mut self, ty: ValueType) {
        let value = match ty {
            FuncRef => Value::FuncRef(FuncIdentity::Null),
            ExternRef => Value::ExternRef(None),
            ty => edge_value(self.rng, ty),
        };
        self.body.constant(value);
    }

    /// Pushes a local, a constant or a global.
    pub fn leaf(&mut self, ty: ValueType) {
        let count = self.body.locals().len();
        let start = self.rng.below(count as u64 + 1) as usize;
        let found = (start..count).chain(0..start).find(|at| self.body.locals()[*at] == ty);
        match found {
            Some(local) if !self.rng.one_in(5) => self.body.get(local as u32),
            _ if ty == FuncRef && self.rng.one_in(2) => {
                let func = self.rng.below(u64::from(self.draft.func_count())) as u32;
                self.body.i(I::RefFunc(func));
            }
            _ => match self.some_global(ty).filter(|_| self.rng.one_in(3)) {
                Some(global) => self.body.i(I::GlobalGet(global)),
                None => self.constant(ty),
            },
        }
    }

    fn some_global(&mut self, ty: ValueType) -> Option<u32> {
        let fitting: Vec<usize> = self.draft.globals().enumerate().filter(|at| at.1 == ty).map(|at| at.0).collect();
        (!fitting.is_empty()).then(|| *self.rng.pick(&fitting) as u32)
    }

    /// Pushes a value of a type, by operators nested no deeper than `depth`.
    pub fn value(&mut self, ty: ValueType, depth: u32) {
        if depth == 0 || self.tired() {
            return self.leaf(ty);
        }
        let depth = depth - 1;
        if ty == V128 {
            return self.vector(depth);
        }
        if !NUMBERS.contains(&ty) {
            return self.reference(ty, depth);
        }
        if self.draft.vectors && self.rng.one_in(4) {
            return self.number_of_vector(ty, depth);
        }
        match self.rng.below(32) {
            0..=2 => self.leaf(ty),
            3..=13 => {
                let operator = Operator::yielding(self.rng, ty);
                self.operator(operator, depth);
            }
            14..=16 => self.load(ty, depth),
            17..=19 => {
                self.values(&[ty, ty], depth);
                self.condition(depth);
                self.body.i(if self.rng.one_in(4) { I::TypedSelect(ty.to_encoder()) } else { I::Select });
            }
            20..=21 => self.branches(ty, depth),
            22..=23 => self.block(ty, depth),
            24 => self.rounds(ty, depth),
            25..=26 => self.call(Some(ty), depth),
            27..=28 => {
                self.value(ty, depth);
                let local = self.some_local(ty);
                self.body.tee(local);
            }
            29 if ty == I32 => self.size(depth),
            30 if ty == I32 => self.condition(depth),
            30 if ty == I64 => {
                // The upper bits of an i32 must not show.
                self.value(I64, depth);
                self.body.i(I::I32WrapI64);
                self.body.i(if self.rng.one_in(3) { I::I64ExtendI32S } else { I::I64ExtendI32U });
            }
            _ => {
                let operator = self.numeric(ty);
                self.operator(operator, depth);
            }
        }
    }

    /// An operator among those that code generators treat in ways of their own.
    fn numeric(&mut self, ty: ValueType) -> Operator {
        match ty {
            I32 => Operator::within(self.rng, 0x6a, 0x78),
            I64 => Operator::within(self.rng, 0x7c, 0x8a),
            F32 => Operator::within(self.rng, 0x92, 0x98),
            _ => Operator::within(self.rng, 0xa0, 0xa6),
        }
    }

    /// Pushes operands and applies an operator, which seldom traps.
    pub fn operator(&mut self, operator: Operator, depth: u32) {
        match *operator.params {
            // Constants on the right have encodings and rewrites of their own.
            [left, right @ (I32 | I64)] if self.rng.one_in(4) => {
                self.value(left, depth);
                self.immediate(right);
            }
            _ => self.values(operator.params, depth),
        }
        self.apply(operator);
    }

    /// Pushes a constant as they stand in instructions: a small number, an edge of an immediate, or any.
    pub fn immediate(&mut self, ty: ValueType) {
        const EDGES: [i64; 5] = [0x7f, 0x80, -0x80, 0x8000_0000, -0x8000_0000];
        let value = match self.rng.below(4) {
            0 => self.rng.below(64) as i64,
            1..=2 => *self.rng.pick(&EDGES),
            _ => return self.constant(ty),
        };
        self.body.constant(if ty == I32 { Value::I32(value as u32) } else { Value::I64(value as u64) });
    }

    /// Applies an operator to what is on the stack, such that it seldom traps.
    pub fn apply(&mut self, operator: Operator) {
        let rare = self.rng.one_in(40);
        if operator.divides() && !rare {
            let ty = operator.params[1];
            // Any divisor but zero, or a small one.
            if self.rng.one_in(2) {
                self.body.constant(if ty == I32 { Value::I32(0xff) } else { Value::I64(0xff) });
                self.body.i(if ty == I32 { I::I32And } else { I::I64And });
            }
            self.body.constant(if ty == I32 { Value::I32(1) } else { Value::I64(1) });
            self.body.i(if ty == I32 { I::I32Or } else { I::I64Or });
        }
        if operator.truncates() && !rare {
            let start = if operator.result == I32 { (0xa8, 0xfc00) } else { (0xae, 0xfc04) };
            let saturating = Operator::of(start.1 + operator.code - start.0);
            return self.body.op(saturating.unwrap_or(operator));
        }
        self.body.op(operator);
    }

    /// Pushes an `i32` that is mostly a comparison's.
    pub fn condition(&mut self, depth: u32) {
        if self.rng.one_in(5) {
            return self.value(I32, depth);
        }
        if self.draft.vectors && self.rng.one_in(3) {
            return self.number_of_vector(I32, depth);
        }
        let operator = loop {
            let operator = Operator::yielding(self.rng, I32);
            if operator.compares() {
                break operator;
            }
        };
        self.values(operator.params, depth);
        self.body.op(operator);
        if self.rng.one_in(8) {
            self.body.i(I::I32Eqz);
        }
    }

    /// Pushes an address that is mostly inside the memory, and gives an offset for it.
    pub fn address(&mut self, depth: u32) -> u64 {
        if self.rng.one_in(4) {
            let address = self.rng.below(NEAR as u64) as i32;
            self.body.i32(address);
        } else {
            self.value(I32, depth);
            if self.rng.one_in(60) {
                return u64::from(edge_offset(self.rng));
            }
            self.body.i32(if self.rng.one_in(4) { 0xf8 } else { NEAR });
            self.body.i(I::I32And);
        }
        *self.rng.pick(&[0, 0, 0, 1, 4, 8, 16, 0x80, 0x7fe, 0x2000])
    }

    fn load(&mut self, ty: ValueType, depth: u32) {
        let offset = self.address(depth);
        let fitting: Vec<_> = LOADS.iter().filter(|load| load.ty == ty).collect();
        let load = **self.rng.pick(&fitting);
        self.body.access(load, offset);
    }

    /// Stores a value.
    pub fn store(&mut self, depth: u32) {
        if self.draft.vectors && self.rng.one_in(2) {
            return self.store_vector(depth);
        }
        let offset = self.address(depth);
        let store = *self.rng.pick(&STORES);
        self.value(store.ty, depth);
        self.body.access(store, offset);
    }

    fn branches(&mut self, ty: ValueType, depth: u32) {
        self.condition(depth);
        self.body.i(I::If(wasm_encoder::BlockType::Result(ty.to_encoder())));
        self.labels.push(Label { types: vec![ty], header: false });
        self.statements(2, depth);
        self.value(ty, depth);
        self.body.i(I::Else);
        self.statements(2, depth);
        if self.rng.one_in(5) {
            self.leave(depth);
        }
        self.value(ty, depth);
        self.labels.pop();
        self.body.i(I::End);
    }

    /// A block with parameters that yields one value of this type and perhaps others.
    fn block(&mut self, ty: ValueType, depth: u32) {
        let params = self.types(3);
        let mut results = self.types(2);
        results.insert(0, ty);
        self.values(&params, depth);
        let block = self.draft.block(&params, &results);
        self.body.i(I::Block(block));
        self.labels.push(Label { types: results.clone(), header: false });
        self.keep(&params);
        self.statements(3, depth);
        if self.rng.one_in(2) {
            self.values(&results, depth);
            self.condition(depth);
            self.body.i(I::BrIf(0));
            self.keep(&results);
        } else if self.rng.one_in(3) {
            self.leave(depth);
        }
        self.values(&results, depth);
        self.labels.pop();
        self.body.i(I::End);
        self.keep(&results[1..]);
    }

    /// A loop of a few rounds with parameters, which yields a value of this type.
    fn rounds(&mut self, ty: ValueType, depth: u32) {
        let mut carried = self.types(2);
        carried.insert(0, ty);
        let counter = self.begin_loop(&carried, depth);
        self.keep(&carried);
        self.statements(3, depth);
        self.values(&carried, depth);
        self.end_loop(counter);
        self.keep(&carried[1..]);
    }

    /// Opens a loop that carries these types, with values for the first round; gives its counter.
    pub fn begin_loop(&mut self, carried: &[ValueType], depth: u32) -> u32 {
        let counter = self.body.local(I32);
        self.counters.push(counter);
        self.values(carried, depth);
        let rounds = 1 + self.rng.below(6) as i32;
        self.body.i32(rounds);
        self.body.set(counter);
        let block = self.draft.block(carried, carried);
        self.body.i(I::Loop(block));
        self.labels.push(Label { types: carried.to_vec(), header: true });
        counter
    }

    /// Branches back while there are rounds, and closes the loop: what it carries is on the stack.
    pub fn end_loop(&mut self, counter: u32) {
        self.body.get(counter);
        self.body.i32(1);
        self.body.i(I::I32Sub);
        self.body.tee(counter);
        self.body.i(I::BrIf(0));
        self.labels.pop();
        self.body.i(I::End);
    }

    /// A label that a branch may go to, as a depth. Loops are seldom: they might not end.
    pub fn target(&mut self) -> (u32, Vec<ValueType>) {
        loop {
            let depth = self.rng.below(self.labels.len() as u64) as usize;
            let label = &self.labels[self.labels.len() - 1 - depth];
            if !label.header || self.rng.one_in(20) {
                return (depth as u32, label.types.clone());
            }
        }
    }

    /// Leaves through an unconditional branch of some kind; what follows is dead.
    pub fn leave(&mut self, depth: u32) {
        let (target, types) = self.target();
        let last = target as usize == self.labels.len() - 1;
        self.values(&types, depth);
        match self.rng.below(4) {
            0 if last => self.body.i(I::Return),
            1 => {
                self.value(I32, depth);
                let same: Vec<u32> = (0..self.labels.len() as u32)
                    .filter(|at| self.labels[self.labels.len() - 1 - *at as usize].types == types)
                    .filter(|at| !self.labels[self.labels.len() - 1 - *at as usize].header)
                    .chain([target])
                    .collect();
                let count = self.rng.below(5);
                let targets: Vec<u32> = (0..count).map(|_| *self.rng.pick(&same)).collect();
                self.body.i(I::BrTable(targets.into(), target));
            }
            _ => self.body.i(I::Br(target)),
        }
    }

    /// Calls a function, one that yields this type if possible, and leaves that on the stack.
    pub fn call(&mut self, wanted: Option<ValueType>, depth: u32) {
        let fits = |func: &u32| wanted.is_none_or(|ty| self.draft.signature(*func).1.contains(&ty));
        let funcs: Vec<u32> = (0..self.callable).filter(fits).collect();
        if funcs.is_empty() {
            return wanted.into_iter().for_each(|ty| self.leaf(ty));
        }
        let func = *self.rng.pick(&funcs);
        let (params, results) = self.draft.signature(func).clone();
        self.values(&params, depth);
        let indirect = self.rng.one_in(3).then(|| self.entry_of(func)).flatten();
        match indirect {
            Some((table, entry)) => {
                self.body.i32(entry as i32);
                let type_index = self.draft.type_of(func);
                self.body.i(I::CallIndirect { type_index, table_index: table });
            }
            None => self.body.i(I::Call(func)),
        }
        self.keep(&results);
        if let Some(ty) = wanted {
            self.leaf(ty);
        }
    }

    /// The table and the index where a function was put at the start.
    pub fn entry_of(&self, func: u32) -> Option<(u32, u32)> {
        self.draft.elements.iter().find_map(|(place, funcs)| {
            let (table, offset) = (*place)?;
            let at = funcs.iter().position(|entry| *entry == Some(func))?;
            Some((table, offset + at as u32))
        })
    }

    /// Some statements, none with likelihood.
    pub fn statements(&mut self, most: u64, depth: u32) {
        for _ in 0..self.rng.below(most + 1) {
            self.statement(depth);
        }
    }

    /// A statement: it leaves the stack as it was.
    pub fn statement(&mut self, depth: u32) {
        if self.tired() {
            return;
        }
        let deeper = depth.saturating_sub(1);
        match self.rng.below(26) {
            0..=6 => {
                let ty = self.some_type();
                self.value(ty, depth);
                let local = self.some_local(ty);
                self.body.set(local);
            }
            7..=8 => {
                // A copy of another local.
                let ty = self.some_type();
                let (from, to) = (self.some_local(ty), self.some_local(ty));
                self.body.get(from);
                self.body.set(to);
            }
            9..=11 => self.store(deeper),
            12..=13 if self.draft.globals().len() > 0 => {
                let globals: Vec<ValueType> = self.draft.globals().collect();
                let global = self.rng.below(globals.len() as u64) as usize;
                self.value(globals[global], depth);
                self.body.i(I::GlobalSet(global as u32));
            }
            14..=15 if depth > 0 => {
                self.condition(deeper);
                self.body.i(I::If(wasm_encoder::BlockType::Empty));
                self.labels.push(Label { types: Vec::new(), header: false });
                self.statements(3, deeper);
                if self.rng.one_in(2) {
                    self.body.i(I::Else);
                    self.statements(3, deeper);
                }
                self.labels.pop();
                self.body.i(I::End);
            }
            16 if depth > 0 => {
                self.body.i(I::Block(wasm_encoder::BlockType::Empty));
                self.labels.push(Label { types: Vec::new(), header: false });
                self.statements(4, deeper);
                if self.rng.one_in(3) {
                    self.leave(deeper);
                    self.statements(2, deeper);
                }
                self.labels.pop();
                self.body.i(I::End);
            }
            17..=18 if depth > 0 => {
                let counter = self.begin_loop(&[], deeper);
                self.statements(4, deeper);
                self.end_loop(counter);
            }
            19..=20 => self.call(None, deeper),
            21..=22 => {
                let (target, types) = self.target();
                self.values(&types, deeper);
                self.condition(deeper);
                self.body.i(I::BrIf(target));
                self.keep(&types);
            }
            23 => self.bulk(deeper),
            24 => self.table(deeper),
            _ => {
                let ty = self.some_type();
                let (a, b) = (self.some_local(ty), self.some_local(ty));
                [a, b].iter().for_each(|local| self.body.get(*local));
                [a, b].iter().for_each(|local| self.body.set(*local));
            }
        }
    }

    /// Up to this many types of data.
    pub fn types(&mut self, most: u64) -> Vec<ValueType> {
        let count = self.rng.below(most + 1);
        (0..count).map(|_| self.some_type()).collect()
    }
}

/// An offset that takes an address out of the memory, or to its end.
fn edge_offset(rng: &mut Rng) -> u32 {
    *rng.pick(&[0xfff8, 0xffff, 0x1_0000, 0x7fff_ffff, 0x8000_0000, u32::MAX])
}
