//! The single-operator grid: every operator, with operands of every kind in every position, by the
//! values at which it goes wrong. Exhaustive and deterministic.
//!
//! A case is one operator with one kind of first operand; each of its functions has other kinds of
//! further operands. A function yields the operator's results and, after it, its operands once more,
//! so that an input that the operator destroyed is seen.

pub mod edges;
pub mod items;
pub mod lanes;

use self::edges::{constants, edges, powers};
use self::items::{Form, Item};
use super::draft::{Body, Draft, NUMBERS};
use super::operators::Operator;
use crate::host::Manner;
use crate::plan::{Case, NanMode, Plan, PlannedCall, Variant};
use crate::rewrite::fuel::FuelMode;
use crate::rng::Rng;
use crate::value::{Value, ValueType};
use ValueType::{ExternRef, F32, F64, FuncRef, I32, I64, V128};
use std::sync::LazyLock;
use wasm_encoder::Instruction as I;

/// What an operand is when the operator takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A parameter.
    Parameter,
    /// A constant.
    Constant,
    /// A local that was just computed.
    Fresh,
    /// A local whose value was driven out of its register.
    Spilled,
    /// A call's result.
    Call,
    /// A load that was not used yet.
    Load,
    /// A global.
    Global,
    /// A copy of a local that was overwritten since.
    Overwritten,
    /// A comparison that was not used yet.
    Comparison,
    /// The same local as the first operand.
    Same,
}

/// All kinds.
pub const KINDS: [Kind; 10] = [
    Kind::Parameter,
    Kind::Constant,
    Kind::Fresh,
    Kind::Spilled,
    Kind::Call,
    Kind::Load,
    Kind::Global,
    Kind::Overwritten,
    Kind::Comparison,
    Kind::Same,
];

impl Kind {
    /// Whether an operand of this type can be of this kind, in this place behind the first.
    fn fits(self, types: &[ValueType], position: usize) -> bool {
        let ty = types[position];
        match self {
            Kind::Comparison => ty == I32,
            Kind::Load => is_data(ty),
            Kind::Same => position > 0 && types[0] == ty,
            _ => true,
        }
    }
}

/// Constants tried in one function.
const CONSTANTS: usize = 64;
/// Pairs of constants tried in one case; where there are three operands, combinations tried for each choice of kinds.
const PAIRS: usize = 320;
const TRIPLES: usize = 64;
/// The types of operands: each has a global, and a function that yields its argument. Vectors, the last one, only where
/// they occur: not every engine has them.
const TYPES: [ValueType; 7] = [I32, I64, F32, F64, FuncRef, ExternRef, V128];
/// In a part of a case: choices of kinds, constants for each, and calls in all.
const PART_KINDS: usize = 2;
const PART_CONSTANTS: usize = 16;
const PART_CALLS: usize = 40;
/// Where results go for constants; where operands are loaded from.
const RESULTS: u64 = 0x2000;
const OPERANDS: u64 = 0x1000;

/// Whether a value of this type can lie in memory.
fn is_data(ty: ValueType) -> bool {
    NUMBERS.contains(&ty) || ty == V128
}

/// An item with the kind of its first operand, and whether the second is a constant: many of them.
type Point = (usize, Kind, bool);

/// The items of a grid, and the points that they have in it.
#[derive(Debug)]
struct Table {
    items: Vec<Item>,
    points: Vec<Point>,
}

/// A grid.
#[derive(Debug)]
pub struct GridOf(LazyLock<Table>);

/// The grid of everything but vectors.
pub static SCALARS: GridOf = GridOf(LazyLock::new(|| Table::of(items::items())));
/// The grid of vectors.
pub static VECTORS: GridOf = GridOf(LazyLock::new(|| Table::of(lanes::items())));
/// The grid of relaxed vectors.
pub static RELAXED: GridOf = GridOf(LazyLock::new(|| Table::of(lanes::relaxed())));

impl Table {
    fn of(items: Vec<Item>) -> Table {
        let points = items.iter().enumerate().flat_map(points).collect();
        Table { items, points }
    }
}

/// The points of an item.
fn points((number, item): (usize, &Item)) -> Vec<Point> {
    let types: Vec<ValueType> = item.params.iter().map(|param| param.0).collect();
    // With one operand there is one function for each kind: they share a case. So do those for who takes a
    // result, where not every pair of kinds is tried.
    let split = types.len() > 1 && !matches!(item.form, Form::Consumed(..));
    let kinds: Vec<Kind> = KINDS.into_iter().filter(|kind| !split || kind.fits(&types, 0)).collect();
    let usual = kinds[..if split { kinds.len() } else { 1 }].iter().map(|kind| (number, *kind, false));
    let integers = types.iter().all(|ty| !powers(*ty).is_empty());
    let encoded = split && integers && matches!(item.form, Form::Operator(_));
    let pairs = (split && types.len() == 2).then_some((number, Kind::Constant, true));
    usual.chain(encoded.then_some((number, Kind::Parameter, true))).chain(pairs).collect()
}

impl GridOf {
    /// How many cases the grid has.
    pub fn count(&self) -> u64 {
        self.0.points.len() as u64
    }

    /// The case with this number in the sequence of a seed: a part of a case of the grid. Neighbours are far from each
    /// other in the grid, and as many cases as it has come by each of its own.
    pub fn shuffled(&self, seed: u64, number: u64) -> Case {
        let (item, first, many) = self.point(seed, number);
        let mut grid = Grid::new(&self.0.items[item], many);
        grid.part = Some(Rng::new(seed, number ^ 0x7061_7274));
        grid.case(first)
    }

    /// What the case with this number in the sequence of a seed is about.
    pub fn item(&self, seed: u64, number: u64) -> &Item {
        &self.0.items[self.point(seed, number).0]
    }

    fn point(&self, seed: u64, number: u64) -> Point {
        let count = u128::from(self.count());
        // A prime that divides no such count.
        let place = u128::from(number) * 1_000_003 + u128::from(Rng::new(seed, 0x6772_6964).next_u64());
        self.0.points[(place % count) as usize]
    }

    /// The case with this number, modulo [`GridOf::count`].
    pub fn case(&self, number: u64) -> Case {
        let (item, first, many) = self.0.points[(number % self.count()) as usize];
        Grid::new(&self.0.items[item], many).case(first)
    }
}

/// As many of these, taken at random and left in their order.
fn some<T>(mut all: Vec<T>, most: usize, rng: &mut Rng) -> Vec<T> {
    while all.len() > most {
        all.remove(rng.below(all.len() as u64) as usize);
    }
    all
}

/// A case at work.
struct Grid<'a> {
    item: &'a Item,
    types: Vec<ValueType>,
    /// The types that the module has.
    all: &'static [ValueType],
    draft: Draft,
    calls: Vec<PlannedCall>,
    /// What the first functions take and yield.
    callees: Vec<ValueType>,
    /// Whether the second operand is a constant: behind a constant any, else a power of two or a neighbour.
    many: bool,
    /// What chooses a part of the case; without it, all of it is tried.
    part: Option<Rng>,
}

impl Grid<'_> {
    fn new(item: &Item, many: bool) -> Grid<'_> {
        let types: Vec<ValueType> = item.params.iter().map(|param| param.0).collect();
        let mut draft = Draft::default();
        draft.memory = Some((1, 3));
        draft.data =
            vec![(Some(0), (1..=64u8).map(|byte| byte.wrapping_mul(37)).collect()), (None, vec![0x81, 2, 0xfe, 4, 5])];
        draft.tables = vec![(FuncRef, 8, 12), (ExternRef, 4, 8)];
        let vectors = types.iter().chain(&item.results).any(|ty| *ty == V128);
        let all = if vectors { &TYPES[..] } else { &TYPES[..TYPES.len() - 1] };
        all.iter().for_each(|ty| _ = draft.global(ty.zero()));
        Grid { item, types, all, draft, calls: Vec::new(), callees: Vec::new(), many, part: None }
    }

    fn case(mut self, first: Kind) -> Case {
        let mut combinations = self.combinations(first);
        if let Some(rng) = &mut self.part {
            combinations = some(combinations, PART_KINDS, rng);
        }
        self.callees(&combinations);
        for kinds in combinations {
            self.function(&kinds);
        }
        let overwrites = self.part.as_mut().is_none_or(|rng| rng.one_in(3));
        if first == Kind::Parameter && !self.many && overwrites {
            self.overwriting();
        }
        if let Some(rng) = &mut self.part {
            self.calls = some(self.calls, PART_CALLS, rng);
        }
        let plan = Plan {
            host_seed: 1,
            manner: Manner::Wild,
            fuel: 100_000,
            fuel_mode: FuelMode::Trap,
            nan: NanMode::Rewritten,
            variant: Variant::default(),
            calls: self.calls,
        };
        Case { wasm: self.draft.finish(), plan }
    }

    /// Functions that yield their argument, of the types that calls yield, and the table with them. Items that are no
    /// plain operators find all of them there.
    fn callees(&mut self, combinations: &[Vec<Kind>]) {
        let plain = !matches!(self.item.form, Form::Other(..));
        let called = |ty: &ValueType| {
            let yields =
                |kinds: &Vec<Kind>| kinds.iter().zip(&self.types).any(|(kind, of)| *kind == Kind::Call && of == ty);
            !(plain && self.part.is_some()) || combinations.iter().any(yields)
        };
        self.callees = self.all.iter().copied().filter(called).collect();
        for ty in &self.callees {
            let mut body = Body::new(&[*ty]);
            body.get(0);
            body.i(I::Return);
            self.draft.func(&[*ty], body);
        }
        // Without any, the case's own function is there.
        let count = self.callees.len().max(1) as u32;
        let segment = [Some(1 % count), None, Some(0)].to_vec();
        self.draft.elements = vec![(Some((0, 0)), (0..count).map(Some).collect()), (None, segment)];
    }

    /// The kinds of operands of each function of a case.
    fn combinations(&self, first: Kind) -> Vec<Vec<Kind>> {
        let fitting = |at: usize| KINDS.into_iter().filter(move |kind| kind.fits(&self.types, at)).collect::<Vec<_>>();
        match self.types.len() {
            0 => vec![Vec::new()],
            1 => fitting(0).into_iter().map(|kind| vec![kind]).collect(),
            2 if self.many => vec![vec![first, Kind::Constant]],
            2 if matches!(self.item.form, Form::Consumed(..)) => {
                use Kind::{Call, Constant, Fresh, Global, Load, Overwritten, Parameter, Same, Spilled};
                let pairs = [
                    [Parameter, Parameter],
                    [Parameter, Constant],
                    [Constant, Fresh],
                    [Load, Parameter],
                    [Fresh, Load],
                    [Spilled, Global],
                    [Call, Spilled],
                    [Overwritten, Same],
                ];
                pairs.map(|pair| pair.to_vec()).into()
            }
            2 => {
                let pairs = |kind: &Kind| first != Kind::Constant || *kind != Kind::Constant;
                fitting(1).into_iter().filter(pairs).map(|kind| vec![first, kind]).collect()
            }
            _ => {
                // Every pair of two kinds occurs, not every triple.
                let (second, third) = (fitting(1), fitting(2));
                let turn = KINDS.iter().position(|kind| *kind == first).unwrap_or_default();
                let triple = |(at, kind)| vec![first, kind, third[(at + turn) % third.len()]];
                second.into_iter().enumerate().map(triple).collect()
            }
        }
    }

    /// The function for these kinds, and its calls.
    fn function(&mut self, kinds: &[Kind]) {
        let baked = kinds.contains(&Kind::Constant);
        let mut tuples = if baked { self.constants(kinds) } else { vec![vec![None; kinds.len()]] };
        if let Some(rng) = &mut self.part {
            tuples = some(tuples, PART_CONSTANTS, rng);
        }
        // What certainly traps would hide what comes after it.
        let (trapping, fine): (Vec<_>, Vec<_>) = tuples.into_iter().partition(|tuple| self.traps(tuple));
        let together = fine.chunks(CONSTANTS).map(<[_]>::to_vec);
        let chunks: Vec<Vec<_>> = together.chain(trapping.into_iter().take(3).map(|tuple| vec![tuple])).collect();
        for chunk in chunks {
            let func = self.body(kinds, &chunk);
            self.plan(func, kinds, baked);
        }
    }

    /// The constants to try in the places where kinds ask for them.
    fn constants(&self, kinds: &[Kind]) -> Vec<Vec<Option<Value>>> {
        let mut tuples = vec![Vec::new()];
        for (at, kind) in kinds.iter().enumerate() {
            let values: Vec<Option<Value>> = match kind {
                Kind::Constant => {
                    let (ty, domain) = self.item.params[at];
                    let values =
                        if self.many && kinds[0] == Kind::Parameter { powers(ty) } else { constants(ty, domain) };
                    values.into_iter().map(Some).collect()
                }
                _ => vec![None],
            };
            let longer = |tuple: &Vec<Option<Value>>| {
                let tuple = tuple.clone();
                values.clone().into_iter().map(move |value| tuple.iter().copied().chain([value]).collect())
            };
            tuples = tuples.iter().flat_map(longer).collect::<Vec<Vec<_>>>();
        }
        // Of all pairs of constants, as many diagonals as fit: each constant still occurs in each place.
        let most = if self.types.len() > 2 { TRIPLES } else { PAIRS };
        let step = tuples.len().div_ceil(most);
        let row = constants(self.types[0], self.item.params[0].1).len().max(1);
        let kept = |(at, _): &(usize, Vec<Option<Value>>)| (at + at / row).is_multiple_of(step);
        tuples.into_iter().enumerate().filter(kept).map(|at| at.1).collect()
    }

    /// Whether the item traps for certain with these constants, whatever the other operands are.
    fn traps(&self, tuple: &[Option<Value>]) -> bool {
        match self.item.form {
            Form::Operator(operator) => {
                let one = |(value, ty): (&Option<Value>, &ValueType)| value.unwrap_or(ty.zero());
                let operands: Vec<Value> = tuple.iter().zip(&self.types).map(one).collect();
                tuple.last().is_some_and(Option::is_some) && operator.traps(&operands)
            }
            Form::Access(access, offset) => match tuple.first() {
                Some(Some(Value::I32(address))) => u64::from(*address) + offset + u64::from(access.width) > 0x1_0000,
                _ => offset > 0x1_0000,
            },
            // One in each function: what happens in it may depend on the state.
            Form::Other(..) | Form::Consumed(..) | Form::Encoded(..) => false,
        }
    }

    /// Writes a function which tries these constants one after the other.
    fn body(&mut self, kinds: &[Kind], tuples: &[Vec<Option<Value>>]) -> u32 {
        let mut params = self.types.clone();
        params.push(I32);
        let zero = self.types.len() as u32;
        let mut body = Body::new(&params);
        let locals = self.prologue(&mut body, kinds, zero);
        let spilled = kinds.contains(&Kind::Spilled).then(|| push_many(&mut body, zero));
        let baked = kinds.contains(&Kind::Constant);
        let kept: Vec<u32> = self.item.results.iter().map(|ty| body.local(*ty)).collect();
        let mut place = RESULTS;
        for tuple in tuples {
            self.item.prepare(&mut body);
            for (at, kind) in kinds.iter().enumerate() {
                let constant = tuple[at].or(if *kind == Kind::Same { tuple[0] } else { None });
                self.operand(&mut body, *kind, at, constant, &locals, zero);
            }
            self.item.emit(&mut self.draft, &mut body);
            kept.iter().rev().for_each(|local| body.set(*local));
            for (local, ty) in kept.iter().zip(&self.item.results).filter(|_| baked) {
                body.i32(0);
                body.get(*local);
                let stored = if is_data(*ty) { *ty } else { I32 };
                if stored != *ty {
                    body.i(I::RefIsNull);
                }
                body.store(stored, place);
                place += if stored == V128 { 16 } else { 8 };
            }
        }
        let mut results = self.item.results.clone();
        kept.iter().for_each(|local| body.get(*local));
        for (at, local) in locals.iter().enumerate() {
            body.get(*local);
            results.push(self.types[at]);
        }
        if let Some(live) = spilled {
            // They lie below the results: those go to locals for a moment.
            let names: Vec<u32> = results.iter().map(|ty| body.local(*ty)).collect();
            names.iter().rev().for_each(|local| body.set(*local));
            results.extend(fold_many(&mut body, &live));
            let sums: Vec<u32> = [F64, I32].map(|ty| body.local(ty)).into();
            sums.iter().for_each(|local| body.set(*local));
            names.iter().for_each(|local| body.get(*local));
            sums.iter().rev().for_each(|local| body.get(*local));
        }
        self.draft.func(&results, body)
    }

    /// Computes what operands are taken from; the local of each.
    fn prologue(&self, body: &mut Body, kinds: &[Kind], zero: u32) -> Vec<u32> {
        let mut locals: Vec<u32> = (0..kinds.len() as u32).collect();
        for (at, kind) in kinds.iter().enumerate() {
            let (ty, param) = (self.types[at], at as u32);
            match kind {
                Kind::Fresh | Kind::Spilled => {
                    let local = body.local(ty);
                    body.get(param);
                    if ty == V128 {
                        body.get(zero);
                        body.i(I::I32x4Splat);
                        body.i(I::V128Xor);
                    } else if NUMBERS.contains(&ty) {
                        body.to_bits(ty);
                        body.get(zero);
                        body.i(I::I64ExtendI32U);
                        body.i(I::I64Xor);
                        body.from_bits(ty);
                    }
                    body.set(local);
                    locals[at] = local;
                }
                Kind::Load => {
                    body.i32(0);
                    body.get(param);
                    body.store(ty, OPERANDS + 16 * at as u64);
                }
                Kind::Global => {
                    body.get(param);
                    body.i(I::GlobalSet(global(ty)));
                }
                Kind::Same => locals[at] = locals[0],
                _ => {}
            }
        }
        locals
    }

    fn operand(&self, body: &mut Body, kind: Kind, at: usize, constant: Option<Value>, locals: &[u32], zero: u32) {
        let (ty, local) = (self.types[at], locals[at]);
        match (kind, constant) {
            (_, Some(value)) => body.constant(value),
            (Kind::Call, _) => {
                body.get(local);
                let callee = self.callees.iter().position(|callee| *callee == ty);
                body.i(I::Call(callee.expect("there is one for each type that a call yields") as u32));
            }
            (Kind::Load, _) => {
                body.get(zero);
                body.load(ty, OPERANDS + 16 * at as u64);
            }
            (Kind::Global, _) => body.i(I::GlobalGet(global(ty))),
            (Kind::Comparison, _) => {
                body.get(local);
                body.get(zero);
                body.i(I::I32GtS);
            }
            (Kind::Overwritten, _) => {
                let copy = body.local(ty);
                body.get(local);
                body.set(copy);
                body.get(copy);
                body.constant(ty.zero());
                body.set(copy);
            }
            _ => body.get(local),
        }
    }

    /// The operator's result goes where an operand was.
    fn overwriting(&mut self) {
        let Form::Operator(operator) = self.item.form else { return };
        for target in 0..self.types.len() {
            if operator.result != self.types[target] {
                continue;
            }
            // The operands as they come, and those that can from the same local.
            for together in [false, true].into_iter().take(self.types.len()) {
                for source in [Kind::Parameter, Kind::Load, Kind::Constant] {
                    self.overwritten(operator, target, together, source);
                }
            }
        }
    }

    /// The operator's result goes where this operand was, which was loaded or set to a constant just before, or not.
    fn overwritten(&mut self, operator: Operator, target: usize, together: bool, source: Kind) {
        let (types, local) = (self.types.clone(), target as u32);
        let (ty, domain) = self.item.params[target];
        let zero = types.len() as u32;
        let mut body = Body::new(&[&types[..], &[I32]].concat());
        match source {
            Kind::Load if is_data(ty) => {
                body.i32(0);
                body.get(local);
                body.store(ty, OPERANDS);
                body.get(zero);
                body.load(ty, OPERANDS);
                body.set(local);
            }
            Kind::Constant => {
                let values = constants(ty, domain);
                body.constant(values[values.len() / 2]);
                body.set(local);
            }
            _ => {}
        }
        for (operand, of) in (0..).zip(&types) {
            body.get(if together && *of == ty { local } else { operand });
        }
        body.op(operator);
        body.set(local);
        (0..zero).for_each(|param| body.get(param));
        let func = self.draft.func(&types, body);
        self.plan(func, &vec![Kind::Fresh; types.len()], false);
    }

    /// The calls of a function: all pairs of edges if both operands are parameters, else each edge once.
    fn plan(&mut self, func: u32, kinds: &[Kind], baked: bool) {
        let values: Vec<Vec<Value>> = self.item.params.iter().map(|(ty, domain)| edges(*ty, *domain)).collect();
        let constant = |at: usize| kinds[at] == Kind::Constant || kinds[at] == Kind::Same;
        let lengths: Vec<usize> =
            values.iter().enumerate().map(|(at, v)| if constant(at) { 1 } else { v.len() }).collect();
        let crossed = !baked && lengths.len() == 2 && kinds.iter().all(|kind| *kind == Kind::Parameter);
        let most = lengths.iter().copied().max().unwrap_or(1);
        let count = if crossed { lengths[0] * lengths[1] } else { most };
        for number in 0..count {
            let pick = |(at, values): (usize, &Vec<Value>)| {
                let index = match (crossed, at) {
                    (true, 0) => number / lengths[1],
                    (true, _) => number,
                    // Steps without a common factor with most lengths, different for each function.
                    (_, at) => number * [1, 5, 7][at % 3] + at * func as usize,
                };
                values[index % lengths[at].max(1)]
            };
            let mut args: Vec<Value> = values.iter().enumerate().map(pick).collect();
            args.push(Value::I32(0));
            self.calls.push(PlannedCall { func, args });
        }
    }
}

/// The global of a type.
fn global(ty: ValueType) -> u32 {
    TYPES.iter().position(|of| *of == ty).unwrap_or_default() as u32
}

/// Pushes more integers and floats than there are registers.
fn push_many(body: &mut Body, zero: u32) -> Vec<ValueType> {
    let mut live = Vec::with_capacity(36);
    for number in 0..18 {
        body.get(zero);
        body.i32(number * 3 + 1);
        body.i(I::I32Add);
        live.push(I32);
    }
    for number in 0..18 {
        body.get(zero);
        body.i(I::F64ConvertI32S);
        body.i(I::F64Const((f64::from(number) + 0.5).into()));
        body.i(I::F64Add);
        live.push(F64);
    }
    live
}

/// Folds what [`push_many`] pushed. The order of operations shows which value went where.
fn fold_many(body: &mut Body, live: &[ValueType]) -> [ValueType; 2] {
    let floats = live.iter().filter(|ty| **ty == F64).count();
    (1..floats).for_each(|_| body.i(I::F64Sub));
    let sum = body.local(F64);
    body.set(sum);
    (1..live.len() - floats).for_each(|_| body.i(I::I32Sub));
    body.get(sum);
    [I32, F64]
}

#[cfg(test)]
mod tests;
