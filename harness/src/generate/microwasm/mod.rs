//! Random Microwasm with control flow of any kind: irreducible loops, loops entered in the middle,
//! labels that keep less than what is on the stack. It keeps the rules by construction, and every
//! program ends: each header of a loop consumes fuel.
//!
//! What machine code may choose (the payload and the sign of a NaN) never reaches an integer or the
//! memory, so results can be compared bit for bit but for NaNs themselves.

mod vector;

pub use self::vector::leaks;

use self::vector::Vectors;
use crate::rng::Rng;
use lightbeam::ValType as Type;
use lightbeam::microwasm::{
    Binary, Callers, Compare, Const, FuncType, Label, Load, MemArg, Op, Sink, Store, Target, Unary,
};
use lightbeam::wasm::module::{
    ConstExpr, ElementSegment, Export, ExportKind, GlobalType, Limits, MemoryType, ModuleInfo, SegmentMode, TableType,
};

/// How often a function may come to headers of loops.
const FUEL: i32 = 60;
/// The types of values in programs without vectors and with them.
const NUMBERS: &[Type] = &[Type::I32, Type::I64, Type::F32, Type::F64];
const TYPES: &[Type] = &[Type::I32, Type::I64, Type::F32, Type::F64, Type::V128, Type::V128];
/// Integers that find mistakes.
const EDGES: [i64; 12] = [0, 1, -1, 2, 7, 31, 32, 255, i32::MIN as i64, i32::MAX as i64, i64::MIN, i64::MAX];

/// Says a random module to a sink and returns what it declares. Its functions are exported by their numbers.
pub fn generate(rng: &mut Rng, sink: &mut impl Sink) -> ModuleInfo {
    let vectors = *rng.pick(&[Vectors::None, Vectors::None, Vectors::Exact, Vectors::All]);
    let some = if vectors == Vectors::None { NUMBERS } else { TYPES };
    let info = declarations(rng, some);
    sink.module(&info);
    for index in 0..info.funcs.len() as u32 {
        let ty = info.func_type(index);
        sink.begin(index, ty, index);
        let budget = 5 + rng.below(120);
        let mut body = Body {
            rng,
            sink,
            info: &info,
            index,
            ty,
            vectors,
            some,
            types: Vec::new(),
            variables: 0,
            labels: Vec::new(),
        };
        body.generate(budget);
        sink.end();
    }
    info
}

fn types(rng: &mut Rng, some: &[Type], most: u64) -> Box<[Type]> {
    (0..rng.below(most + 1)).map(|_| *rng.pick(some)).collect()
}

fn declarations(rng: &mut Rng, some: &[Type]) -> ModuleInfo {
    let funcs = 1 + rng.below(4) as u32;
    let types: Vec<FuncType> =
        (0..funcs).map(|_| FuncType { params: types(rng, some, 8), results: types(rng, some, 4) }).collect();
    let limits = |size| Limits { min: size, max: Some(size) };
    let mut globals = vec![Const::I32(3), Const::I64(-4)];
    globals.extend(some.contains(&Type::V128).then(|| Const::V128(vector::constant(rng))));
    ModuleInfo {
        types,
        funcs: (0..funcs).collect(),
        tables: vec![TableType { element: Type::FuncRef, limits: limits(funcs.into()) }],
        memories: vec![MemoryType { limits: limits(1) }],
        globals: globals.iter().map(|value| GlobalType { content: value.ty(), mutable: true }).collect(),
        global_inits: globals.iter().map(|value| ConstExpr::Const(*value)).collect(),
        exports: (0..funcs)
            .map(|index| Export { name: index.to_string().into(), kind: ExportKind::Func(index) })
            .chain([Export { name: "memory".into(), kind: ExportKind::Memory(0) }])
            .chain(
                (0..globals.len() as u32)
                    .map(|index| Export { name: format!("g{index}").into(), kind: ExportKind::Global(index) }),
            )
            .collect(),
        elements: vec![ElementSegment {
            mode: SegmentMode::Active { index: 0, offset: ConstExpr::Const(Const::I32(0)) },
            element: Type::FuncRef,
            items: (0..funcs).map(ConstExpr::RefFunc).collect(),
        }],
        ..ModuleInfo::default()
    }
}

/// An open label.
#[derive(Debug, Clone)]
struct Open {
    keep: usize,
    params: Box<[Type]>,
    callers: Callers,
    backward: bool,
    branched: bool,
    bound: bool,
    /// Whether what it keeps was popped.
    lost: bool,
}

impl Open {
    /// Whether a branch goes nowhere yet.
    fn pending(&self) -> bool {
        self.branched && !self.bound
    }
}

/// A function at work.
struct Body<'g, S> {
    rng: &'g mut Rng,
    sink: &'g mut S,
    info: &'g ModuleInfo,
    index: u32,
    ty: &'g FuncType,
    vectors: Vectors,
    /// The types that values may have, some more often than others.
    some: &'static [Type],
    /// The types on the stack, variables first.
    types: Vec<Type>,
    variables: usize,
    labels: Vec<Open>,
}

impl<S: Sink> Body<'_, S> {
    fn generate(&mut self, budget: u64) {
        self.types = self.ty.params.to_vec();
        // Sometimes more variables than there are registers.
        let most = if self.rng.one_in(3) { 20 } else { 4 };
        for _ in 0..self.rng.below(4) {
            let (count, ty) = (1 + self.rng.below(most), *self.rng.pick(self.some));
            self.sink.op(Op::Locals { count: count as u32, ty });
            self.types.extend((0..count).map(|_| ty));
        }
        self.sink.op(Op::Locals { count: 1, ty: Type::I32 });
        self.types.push(Type::I32);
        self.variables = self.types.len();
        self.sink.op(Op::Const(Const::I32(FUEL)));
        self.sink.op(Op::Put(self.fuel()));
        if most > 4 {
            for variable in self.ty.params.len()..self.fuel() as usize {
                self.value(self.types[variable]);
                self.popped(1);
                self.sink.op(Op::Put(variable as u32));
            }
        }
        let mut alive = true;
        let mut left = budget;
        loop {
            left = left.saturating_sub(1);
            if alive {
                alive = if left == 0 { self.finish() } else { self.step() };
            } else if let Some(label) = self.bindable(left > 0) {
                self.bind(label);
                alive = true;
            } else {
                return;
            }
        }
    }

    fn fuel(&self) -> u32 {
        self.variables as u32 - 1
    }

    /// Emits something; says whether control goes on behind it.
    fn step(&mut self) -> bool {
        match self.rng.below(40) {
            0..=13 => self.operator(),
            14..=19 => self.assign(),
            20..=22 => self.value_of_any_type(),
            23..=24 => self.drop_some(),
            25..=28 => self.define(),
            29..=30 => self.call(),
            31..=32 => self.global(),
            33..=35 => self.branch_if(),
            36 => self.fall_into(),
            37 => return self.branch(),
            38 => return self.branch_table(),
            _ if self.rng.one_in(6) => {
                self.sink.op(Op::Unreachable);
                return false;
            }
            _ => self.define(),
        }
        true
    }

    /// Returns.
    fn finish(&mut self) -> bool {
        let results = self.ty.results.clone();
        self.operands(&results);
        self.sink.op(Op::Br(Target::Return));
        false
    }

    fn push(&mut self, op: Op<'_>, ty: Type) {
        self.sink.op(op);
        self.types.push(ty);
    }

    fn constant(&mut self, ty: Type) -> Const {
        let bits = match self.rng.below(3) {
            0 => *self.rng.pick(&EDGES),
            1 => self.rng.below(300) as i64 - 100,
            _ => self.rng.next_u64() as i64,
        };
        match ty {
            Type::I32 => Const::I32(bits as i32),
            Type::I64 => Const::I64(bits),
            Type::F32 => Const::F32((bits as f32 / 4.0).to_bits()),
            Type::V128 => Const::V128(vector::constant(self.rng)),
            _ => Const::F64((bits as f64 / 4.0).to_bits()),
        }
    }

    /// Pushes a value of a type: a copy of something, or a constant.
    fn value(&mut self, ty: Type) {
        let start = self.rng.below(self.types.len() as u64 + 1) as usize;
        let fuel = self.fuel() as usize;
        let found = (start..self.types.len()).chain(0..start).find(|at| self.types[*at] == ty && *at != fuel);
        match found.filter(|_| !self.rng.one_in(4)) {
            Some(position) => self.push(Op::Pick(position as u32), ty),
            None => {
                let value = self.constant(ty);
                self.push(Op::Const(value), ty);
            }
        }
    }

    fn value_of_any_type(&mut self) {
        let ty = *self.rng.pick(self.some);
        self.value(ty);
    }

    /// How many values may be popped: not the variables, and nothing that a branch relies on.
    fn free(&self) -> usize {
        let kept = self.labels.iter().filter(|label| label.pending()).map(|label| label.keep).max();
        self.types.len() - kept.unwrap_or(0).max(self.variables)
    }

    /// Brings operands on top, some of which may be there already.
    fn operands(&mut self, types: &[Type]) {
        let there = (0..=types.len().min(self.free()))
            .rev()
            .find(|there| self.types.ends_with(&types[..*there]))
            .filter(|_| !self.rng.one_in(4))
            .unwrap_or(0);
        for ty in &types[there..] {
            self.value(*ty);
        }
    }

    fn popped(&mut self, count: usize) {
        self.types.truncate(self.types.len() - count);
        let height = self.types.len();
        for label in &mut self.labels {
            label.lost |= label.keep > height;
        }
    }

    /// Applies an operator with these operands and result.
    fn apply(&mut self, op: Op<'_>, operands: &[Type], result: Option<Type>) {
        self.operands(operands);
        self.popped(operands.len());
        self.sink.op(op);
        self.types.extend(result);
    }

    fn operator(&mut self) {
        if self.vectors != Vectors::None && self.rng.one_in(2) {
            return self.vector_operator();
        }
        match self.rng.below(12) {
            0..=4 => {
                let op = *self.rng.pick(Binary::ALL);
                if !matches!(op, Binary::F32Copysign | Binary::F64Copysign) {
                    self.apply(Op::Binary(op), op.operands(), Some(op.result()));
                }
            }
            5..=6 => {
                let op = *self.rng.pick(Unary::ALL);
                let shows_nan = matches!(op, Unary::I32ReinterpretF32 | Unary::I64ReinterpretF64);
                if !shows_nan && !op.operands()[0].is_ref() {
                    self.apply(Op::Unary(op), op.operands(), Some(op.result()));
                }
            }
            7..=8 => {
                let op = *self.rng.pick(Compare::ALL);
                self.apply(Op::Compare(op), op.operands(), Some(Type::I32));
            }
            9 => {
                let ty = *self.rng.pick(self.some);
                self.apply(Op::Select, &[ty, ty, Type::I32], Some(ty));
            }
            10 => {
                let op = *self.rng.pick(Load::ALL);
                if !op.result().is_float() {
                    self.address();
                    let offset = self.offset();
                    self.popped(1);
                    self.push(Op::Load(op, MemArg { offset }), op.result());
                }
            }
            _ => {
                let op = *self.rng.pick(Store::ALL);
                if !op.operands()[1].is_float() {
                    self.address();
                    let offset = self.offset();
                    self.value(op.operands()[1]);
                    self.popped(2);
                    self.sink.op(Op::Store(op, MemArg { offset }));
                }
            }
        }
    }

    /// Pushes an address that is mostly inside the memory.
    fn address(&mut self) {
        self.value(Type::I32);
        if !self.rng.one_in(20) {
            self.push(Op::Const(Const::I32(0x7fff)), Type::I32);
            self.types.pop();
            self.sink.op(Op::Binary(Binary::I32And));
        }
    }

    fn offset(&mut self) -> u64 {
        if self.rng.one_in(30) { 0xffff } else { self.rng.below(64) }
    }

    /// `put` or `tee` over something of the same type.
    fn assign(&mut self) {
        let position = self.rng.below(self.types.len() as u64) as usize;
        if position == self.fuel() as usize {
            return;
        }
        self.operands(&[self.types[position]]);
        if position >= self.types.len() - 1 {
            return;
        }
        if self.rng.one_in(3) {
            self.sink.op(Op::Tee(position as u32));
        } else {
            self.popped(1);
            self.sink.op(Op::Put(position as u32));
        }
    }

    fn drop_some(&mut self) {
        let count = self.rng.below(self.free().min(3) as u64 + 1) as usize;
        if count > 0 {
            self.popped(count);
            self.sink.op(Op::Drop(count as u32));
        }
    }

    fn global(&mut self) {
        let index = self.rng.below(self.info.globals.len() as u64) as u32;
        let ty = self.info.globals[index as usize].content;
        if self.rng.one_in(2) {
            self.push(Op::GlobalGet { index, ty }, ty);
        } else {
            self.apply(Op::GlobalSet(index), &[ty], None);
        }
    }

    /// Calls a function with a lower number, so that no recursion starts.
    fn call(&mut self) {
        if self.index == 0 {
            return;
        }
        let func = self.rng.below(self.index.into()) as u32;
        let ty = self.info.func_type(func);
        self.operands(&ty.params);
        if self.rng.one_in(3) {
            self.push(Op::Const(Const::I32(func as i32)), Type::I32);
            self.popped(1);
            self.sink.op(Op::CallIndirect { type_index: self.info.funcs[func as usize], ty, table: 0 });
        } else {
            self.sink.op(Op::Call { func, ty });
        }
        self.popped(ty.params.len());
        self.types.extend(&ty.results);
    }

    /// Opens a label that keeps at least what those below it keep, so that they can be bound in some order.
    fn open(&mut self, keep: usize, params: Box<[Type]>, callers: Callers, backward: bool) -> Label {
        let label = Label(self.labels.len() as u32);
        self.sink.op(Op::Def { label, keep: keep as u32, params: &params, callers, backward });
        self.labels.push(Open { keep, params, callers, backward, branched: false, bound: false, lost: false });
        label
    }

    /// The least that a new label may keep.
    fn floor(&self) -> usize {
        let kept = self.labels.iter().filter(|label| !label.lost).map(|label| label.keep).max();
        kept.unwrap_or(0).max(self.variables)
    }

    fn define(&mut self) {
        let floor = self.floor();
        let keep = floor + self.rng.below((self.types.len() - floor) as u64 + 1) as usize;
        let params = types(self.rng, self.some, 3);
        let backward = self.rng.one_in(2);
        let callers = if !backward && self.rng.one_in(3) { Callers::One } else { Callers::Many };
        self.open(keep, params, callers, backward);
    }

    /// A label that a branch may go to.
    fn target(&mut self) -> Option<usize> {
        let may = |label: &Open| {
            let used_up = label.branched && label.callers == Callers::One;
            !label.lost && !used_up && (label.backward || !label.bound)
        };
        let labels: Vec<usize> = (0..self.labels.len()).filter(|label| may(&self.labels[*label])).collect();
        if labels.is_empty() { None } else { Some(*self.rng.pick(&labels)) }
    }

    /// Brings a label's parameters on top, above what it keeps.
    fn params_of(&mut self, label: usize) {
        let params = self.labels[label].params.clone();
        let room = self.types.len() - self.labels[label].keep;
        if room < params.len() || !self.types.ends_with(&params) || self.rng.one_in(3) {
            for ty in &params {
                self.value(*ty);
            }
        }
        self.labels[label].branched = true;
    }

    fn branch(&mut self) -> bool {
        match self.target() {
            Some(label) if !self.rng.one_in(12) => {
                self.params_of(label);
                self.sink.op(Op::Br(Target::Label(Label(label as u32))));
                false
            }
            _ => self.finish(),
        }
    }

    /// Falls into a label with one caller, if one that has been branched to can be bound here.
    fn fall_into(&mut self) {
        let may = |open: &Open| open.callers == Callers::One && open.branched && !open.backward;
        if let Some(label) = self.bindable(true).filter(|label| may(&self.labels[*label])) {
            self.params_of(label);
            self.sink.op(Op::Br(Target::Label(Label(label as u32))));
            self.bind(label);
        }
    }

    /// A conditional branch; the other side goes on behind it.
    fn branch_if(&mut self) {
        let target = match self.target() {
            Some(label) => {
                self.params_of(label);
                Target::Label(Label(label as u32))
            }
            None => {
                let results = self.ty.results.clone();
                self.operands(&results);
                Target::Return
            }
        };
        self.value(Type::I32);
        self.types.pop();
        let height = self.types.len();
        let floor = self.floor();
        // Mostly the other side keeps everything; sometimes it takes some as parameters and drops the rest.
        let (keep, params) = if height > floor && self.rng.one_in(4) {
            let passed = self.rng.below((height - floor) as u64 + 1) as usize;
            let keep = floor + self.rng.below((height - floor - passed) as u64 + 1) as usize;
            (keep, self.types[height - passed..].into())
        } else {
            (height, Box::default())
        };
        let callers = if self.rng.one_in(4) { Callers::Many } else { Callers::One };
        let next = self.open(keep, params, callers, false);
        let (then, otherwise) = (target, Target::Label(next));
        let op = if self.rng.one_in(2) {
            Op::BrIf { then, otherwise }
        } else {
            Op::BrIf { then: otherwise, otherwise: then }
        };
        self.sink.op(op);
        self.labels[next.0 as usize].branched = true;
        if !self.rng.one_in(5) {
            self.bind(next.0 as usize);
        } else if let Some(label) = self.bindable(true) {
            self.bind(label);
        }
    }

    fn branch_table(&mut self) -> bool {
        let Some(first) = self.target() else { return self.branch() };
        self.params_of(first);
        let mut targets = Vec::new();
        for _ in 0..self.rng.below(5) {
            let fits = |body: &Self, label: usize| {
                let open = &body.labels[label];
                let room = body.types.len() - open.keep.min(body.types.len());
                room >= open.params.len() && body.types.ends_with(&open.params)
            };
            if let Some(label) = self.target().filter(|label| fits(self, *label)) {
                self.labels[label].branched = true;
                targets.push(Target::Label(Label(label as u32)));
            }
        }
        self.value(Type::I32);
        self.types.pop();
        self.sink.op(Op::BrTable { targets: &targets, default: Target::Label(Label(first as u32)) });
        false
    }

    /// A label that can be bound here, where control does not come. When `any` is false: only one
    /// that a branch waits for.
    fn bindable(&mut self, any: bool) -> Option<usize> {
        let highest = self.labels.iter().rposition(Open::pending);
        if !any {
            return highest;
        }
        let kept = self.labels.iter().filter(|label| label.pending()).map(|label| label.keep).max().unwrap_or(0);
        let may = |number: usize, label: &Open| {
            let closes_pending = !label.backward && highest.is_some_and(|highest| number < highest);
            let wanted = label.backward || label.branched;
            wanted && !label.bound && !label.lost && !closes_pending && label.keep >= kept
        };
        let labels: Vec<usize> = (0..self.labels.len()).filter(|number| may(*number, &self.labels[*number])).collect();
        if labels.is_empty() { None } else { Some(*self.rng.pick(&labels)) }
    }

    fn bind(&mut self, label: usize) {
        let open = self.labels[label].clone();
        self.sink.op(Op::Label(Label(label as u32)));
        self.popped(self.types.len() - open.keep);
        self.types.extend(&open.params);
        if open.backward {
            self.labels[label].bound = true;
            self.burn();
        } else {
            self.labels.truncate(label);
        }
    }

    /// Traps when the fuel is used up.
    fn burn(&mut self) {
        let (fuel, keep) = (self.fuel(), self.types.len());
        let go = self.open(keep, Box::default(), Callers::One, false);
        let stop = self.open(keep, Box::default(), Callers::One, false);
        self.sink.op(Op::Pick(fuel));
        self.sink.op(Op::BrIf { then: Target::Label(go), otherwise: Target::Label(stop) });
        self.sink.op(Op::Label(stop));
        self.sink.op(Op::Unreachable);
        self.sink.op(Op::Label(go));
        self.labels.truncate(go.0 as usize);
        self.sink.op(Op::Pick(fuel));
        self.sink.op(Op::Const(Const::I32(1)));
        self.sink.op(Op::Binary(Binary::I32Sub));
        self.sink.op(Op::Put(fuel));
    }
}
