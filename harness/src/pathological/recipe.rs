//! Modules from bytes: a recipe says what is done once, what is repeated, how, and what follows. Any bytes are a
//! recipe, and every recipe gives a valid module of any size, so a fuzzer can look for families by itself.

use super::draft::{Draft, done, times, unaligned};
use wasm_encoder::ValType::{self, F64, I32, I64, V128};
use wasm_encoder::{BlockType, InstructionSink};

/// Types of values in recipes.
const TYPES: [ValType; 4] = [I32, I64, F64, V128];
/// The callees, by index: their types' parameters and results.
const CALLEES: u32 = 3;
/// No operator is written that would make the stack or the nesting deeper, so that a recipe's size stays in proportion.
const DEEPEST: usize = 20_000;

/// Choices, read one after the other; zeros when there are no more.
#[derive(Debug, Clone, Copy)]
struct Choices<'a>(&'a [u8]);

impl<'a> Choices<'a> {
    fn next(&mut self) -> u32 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        u32::from(*first)
    }

    fn below(&mut self, limit: u32) -> u32 {
        self.next() % limit
    }

    /// The next part: a length, then so many bytes.
    fn part(&mut self, most: u32) -> &'a [u8] {
        let length = (self.below(most) as usize).min(self.0.len());
        let (part, rest) = self.0.split_at(length);
        self.0 = rest;
        part
    }
}

/// How the repeated part is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// One after the other; what a repetition opens it also closes.
    Flat,
    /// What a repetition opens stays open until all of them are done.
    Nested,
    /// Each in a function of its own.
    Functions,
}

/// A module in the making, of any size.
#[derive(Debug, Clone)]
pub struct Recipe<'a> {
    shape: Shape,
    params: Vec<ValType>,
    locals: Vec<ValType>,
    /// How far the locals that are named move from one repetition to the next.
    stride: u32,
    before: &'a [u8],
    repeated: &'a [u8],
    /// Before each `end` of what the repetitions left open.
    closing: &'a [u8],
}

impl<'a> Recipe<'a> {
    /// The recipe that the bytes are.
    pub fn new(bytes: &'a [u8]) -> Recipe<'a> {
        let mut choices = Choices(bytes);
        let shape = [Shape::Flat, Shape::Nested, Shape::Functions][choices.below(3) as usize];
        let ty = |choice: u32| TYPES[[0, 0, 1, 0, 2, 0, 1, 3][choice as usize % 8]];
        let params = (0..choices.below(12)).map(|_| ty(choices.next())).collect();
        let mut locals = Vec::new();
        for _ in 0..choices.below(8) {
            let (count, ty) = (choices.below(32), ty(choices.next()));
            locals.extend(times(count, ty));
        }
        let stride = choices.below(8);
        let (before, repeated, closing) = (choices.part(48), choices.part(48), choices.part(12));
        Recipe { shape, params, locals, stride, before, repeated, closing }
    }

    /// The module of a size. It is valid.
    pub fn module(&self, size: u32) -> Vec<u8> {
        let mut draft = Draft::default();
        let nothing = draft.ty(Vec::new(), Vec::new());
        let two = draft.ty(times(2, I32), times(1, I32));
        let many = draft.ty(times(10, I64), vec![I64, F64, I32, I64]);
        let six = draft.ty(times(6, I32), times(6, I32));
        let ty = draft.ty(self.params.clone(), Vec::new());
        draft.function(nothing, &[], |_| {});
        draft.function(two, &[], |f| done(f.local_get(0)));
        draft.function(many, &[], |f| done(f.local_get(0).f64_const(1.0.into()).i32_const(2).local_get(9)));
        let runs: Vec<_> = self.locals.iter().map(|ty| (1, *ty)).collect();
        let (functions, repetitions) = if self.shape == Shape::Functions { (size, 1) } else { (1, size) };
        for _ in 0..functions {
            draft.function(ty, &runs, |f| self.body(f, repetitions, six));
        }
        draft.finish()
    }

    fn body(&self, f: &mut InstructionSink<'_>, repetitions: u32, six: u32) {
        let mut locals = self.params.clone();
        locals.extend(&self.locals);
        let mut writer = Writer { f, locals, six, stack: Vec::new(), labels: Vec::new(), dead: false, shift: 0 };
        writer.run(self.before);
        let outer = writer.labels.len();
        for repetition in 0..repetitions {
            writer.shift = repetition.wrapping_mul(self.stride);
            let open = writer.labels.len();
            writer.run(self.repeated);
            while self.shape != Shape::Nested && writer.labels.len() > open {
                writer.end();
            }
        }
        while writer.labels.len() > outer {
            let open = writer.labels.len();
            writer.run(self.closing);
            // Also what that has opened, so that this comes to an end.
            while writer.labels.len() >= open {
                writer.end();
            }
        }
        while !writer.labels.is_empty() {
            writer.end();
        }
        writer.drop_to(0);
    }
}

/// An open block.
#[derive(Debug)]
struct Open {
    /// What is below belongs to what is around.
    height: usize,
    /// What a branch to it carries.
    carries: Vec<ValType>,
    results: Vec<ValType>,
    /// Whether it is an `if` whose second arm must come.
    needs_else: bool,
}

/// Writes valid code, whatever it is told: what an operator lacks is pushed, what is too much is dropped.
struct Writer<'a, 'b> {
    f: &'a mut InstructionSink<'b>,
    locals: Vec<ValType>,
    /// The type of blocks that take and give six values.
    six: u32,
    stack: Vec<ValType>,
    labels: Vec<Open>,
    /// Whether code here is never reached. Nothing is written then.
    dead: bool,
    shift: u32,
}

impl Writer<'_, '_> {
    fn run(&mut self, choices: &[u8]) {
        let mut choices = Choices(choices);
        while !choices.0.is_empty() {
            self.step(&mut choices);
        }
    }

    fn floor(&self) -> usize {
        self.labels.last().map_or(0, |label| label.height)
    }

    /// A local of a type, if there is one, chosen by a number.
    fn local_of(&self, ty: ValType, choice: u32) -> Option<u32> {
        let count = self.locals.len() as u32;
        let chosen = |offset: u32| (choice.wrapping_add(self.shift).wrapping_add(offset)) % count;
        (0..count).map(chosen).find(|local| self.locals[*local as usize] == ty)
    }

    fn push(&mut self, ty: ValType) {
        self.stack.push(ty);
    }

    /// Pushes a value of a type: a local's, or a constant.
    fn supply(&mut self, ty: ValType, choice: u32) {
        match (self.local_of(ty, choice), ty) {
            (Some(local), _) if choice % 4 != 3 => done(self.f.local_get(local)),
            (_, I64) => done(self.f.i64_const(i64::from(choice) << (choice % 50))),
            (_, F64) => done(self.f.f64_const((f64::from(choice) + f64::from(self.shift)).into())),
            (_, V128) => done(self.f.v128_const(i128::from(choice) << (choice % 100))),
            _ => done(self.f.i32_const((choice << (choice % 24)) as i32)),
        }
        self.push(ty);
    }

    /// Makes sure that the top is a value of this type, and takes it off.
    fn want(&mut self, ty: ValType, choice: u32) {
        if self.stack.len() <= self.floor() || self.stack.last() != Some(&ty) {
            self.supply(ty, choice);
        }
        self.stack.pop();
    }

    fn drop_to(&mut self, height: usize) {
        if !self.dead {
            (height..self.stack.len()).for_each(|_| done(self.f.drop()));
        }
        self.stack.truncate(height);
    }

    fn unreachable(&mut self) {
        self.dead = true;
        self.stack.truncate(self.floor());
    }

    /// Leaves on the stack exactly what a block of the innermost label must leave.
    fn leave(&mut self, results: &[ValType], height: usize) {
        if self.dead {
            return;
        }
        if self.stack[height..] != *results {
            self.drop_to(height);
            for ty in results {
                self.supply(*ty, 1);
            }
        }
    }

    fn end(&mut self) {
        let Some(open) = self.labels.last() else { return };
        let (height, results, needs_else) = (open.height, open.results.clone(), open.needs_else);
        self.leave(&results, height);
        if needs_else {
            self.second_arm();
            self.leave(&results, height);
        }
        self.f.end();
        self.labels.pop();
        self.stack.truncate(height);
        self.stack.extend(results);
        self.dead = false;
    }

    fn second_arm(&mut self) {
        let Some(open) = self.labels.last_mut() else { return };
        if !std::mem::take(&mut open.needs_else) {
            return;
        }
        let (height, results) = (open.height, open.results.clone());
        self.leave(&results, height);
        self.f.else_();
        self.stack.truncate(height);
        self.dead = false;
    }

    fn open(&mut self, choices: &mut Choices<'_>, kind: u32) {
        if self.labels.len() >= DEEPEST {
            return;
        }
        if kind == 2 {
            self.want(I32, choices.next());
        }
        let (ty, params, results) = match choices.below(5) {
            0..=2 => (BlockType::Empty, Vec::new(), Vec::new()),
            3 => {
                let ty = TYPES[choices.below(4) as usize];
                (BlockType::Result(ty), Vec::new(), vec![ty])
            }
            // Its values are the first thing on the block's stack; an `if` would need them in both arms.
            _ if kind == 2 => (BlockType::Empty, Vec::new(), Vec::new()),
            _ => {
                (0..6).for_each(|value| self.supply(I32, value));
                self.stack.truncate(self.stack.len() - 6);
                (BlockType::FunctionType(self.six), times(6, I32), times(6, I32))
            }
        };
        match kind {
            0 => done(self.f.block(ty)),
            1 => done(self.f.loop_(ty)),
            _ => done(self.f.if_(ty)),
        }
        let carries = if kind == 1 { params.clone() } else { results.clone() };
        self.labels.push(Open { height: self.stack.len(), carries, results, needs_else: kind == 2 });
        self.stack.extend(params);
    }

    /// The label so far out, and what a branch to it carries; the function's own is the last.
    fn label(&self, choice: u32) -> (u32, Vec<ValType>) {
        // Near ones, or far ones: by the choice's upper bit.
        let all = self.labels.len() as u32 + 1;
        let depth = if choice < 128 { choice % all } else { all - 1 - choice % all };
        let index = (self.labels.len() as u32).checked_sub(depth + 1);
        (depth, index.map_or_else(Vec::new, |index| self.labels[index as usize].carries.clone()))
    }

    /// A branch with these operands pushed anew below its condition; they are dropped where it is not taken.
    fn branch_if(&mut self, choices: &mut Choices<'_>) {
        let (depth, carries) = self.label(choices.next());
        let before = self.stack.len();
        carries.iter().for_each(|ty| self.supply(*ty, depth));
        self.supply(I32, choices.next());
        self.stack.pop();
        self.f.br_if(depth);
        self.drop_to(before);
    }

    fn branch_table(&mut self, choices: &mut Choices<'_>) {
        let (depth, carries) = self.label(choices.next());
        let mut targets: Vec<u32> = Vec::new();
        for _ in 0..choices.below(16) {
            let (other, types) = self.label(choices.next());
            if types == carries {
                targets.push(other);
            }
        }
        carries.iter().for_each(|ty| self.supply(*ty, depth));
        self.supply(I32, choices.next());
        self.f.br_table(targets, depth);
        self.unreachable();
    }

    fn step(&mut self, choices: &mut Choices<'_>) {
        let (kind, choice) = (choices.below(32), choices.next());
        if self.dead && !matches!(kind, 8 | 9) {
            return;
        }
        if self.stack.len() >= DEEPEST {
            self.drop_to(self.floor());
        }
        let memory = unaligned(choice.into());
        match kind {
            5..=7 => self.open(choices, kind - 5),
            8 => self.end(),
            9 => self.second_arm(),
            10..=12 => self.branch_if(choices),
            13 => self.branch_table(choices),
            14 => {
                let (depth, carries) = self.label(choice);
                carries.iter().for_each(|ty| self.supply(*ty, depth));
                self.f.br(depth);
                self.unreachable();
            }
            15..=19 => self.local(kind - 15, choice),
            20 => self.call(choice),
            21 => {
                (0..3).for_each(|_| self.want(I32, choice));
                self.f.memory_copy(0, 0);
            }
            22 => {
                self.want(I32, choice);
                self.f.i32_load(memory);
                self.push(I32);
            }
            23 => {
                self.want(I32, choice);
                self.supply(I32, choice);
                self.stack.pop();
                self.f.i32_store(memory);
            }
            24 if self.stack.len() > self.floor() => {
                self.f.drop();
                self.stack.pop();
            }
            25 => {
                let ty = TYPES[choice as usize % 3];
                (0..2).for_each(|_| self.supply(ty, choice));
                self.supply(I32, choice);
                self.f.select();
                self.stack.truncate(self.stack.len() - 3);
                self.push(ty);
            }
            _ => self.arithmetic(kind, choice),
        }
    }

    fn local(&mut self, kind: u32, choice: u32) {
        if self.locals.is_empty() {
            return self.supply(I32, choice);
        }
        let local = choice.wrapping_add(self.shift) % self.locals.len() as u32;
        let ty = self.locals[local as usize];
        if kind < 3 {
            self.f.local_get(local);
            return self.push(ty);
        }
        self.want(ty, choice);
        if kind == 3 {
            self.f.local_set(local);
        } else {
            self.f.local_tee(local);
            self.push(ty);
        }
    }

    fn call(&mut self, choice: u32) {
        let callee = choice % CALLEES;
        match callee {
            0 => {}
            1 => (0..2).for_each(|value| self.supply(I32, choice + value)),
            _ => (0..10).for_each(|value| self.supply(I64, choice + value)),
        }
        self.f.call(callee);
        match callee {
            0 => {}
            1 => done(self.stack.pop()),
            _ => {
                self.stack.truncate(self.stack.len() - 10);
                self.stack.extend([I64, F64, I32, I64]);
            }
        }
    }

    fn arithmetic(&mut self, kind: u32, choice: u32) {
        let ty = match self.stack.last() {
            Some(ty) if self.stack.len() > self.floor() => *ty,
            _ => TYPES[choice as usize % 4],
        };
        self.want(ty, choice);
        // The second operand is pushed above the first.
        self.push(ty);
        self.supply(ty, choice / 2);
        self.stack.truncate(self.stack.len() - 2);
        let result = match (ty, choice % 4) {
            (I32, 0) => self.f.i32_add(),
            (I32, 1) => self.f.i32_div_s(),
            (I32, 2) => self.f.i32_shl(),
            (I32, _) => self.f.i32_lt_s(),
            (I64, 0) => self.f.i64_add(),
            (I64, 1) => self.f.i64_rem_u(),
            (I64, 2) => self.f.i64_rotl(),
            (I64, _) => self.f.i64_mul(),
            (F64, 0) => self.f.f64_add(),
            (F64, 1) => self.f.f64_min(),
            (F64, 2) => self.f.f64_copysign(),
            (F64, _) => self.f.f64_div(),
            (_, 0) => self.f.i32x4_add(),
            (_, 1) => self.f.i8x16_swizzle(),
            (_, 2) => self.f.f64x2_max(),
            (_, _) => self.f.i64x2_mul(),
        };
        match (kind, ty) {
            (26, I32) => {
                result.i64_extend_i32_s();
                self.push(I64);
            }
            (26, F64) => {
                result.i32_trunc_sat_f64_s();
                self.push(I32);
            }
            (27, I32) => {
                result.i32x4_splat();
                self.push(V128);
            }
            (27, I64) => {
                result.i32_wrap_i64();
                self.push(I32);
            }
            (28, I32) => {
                result.f64_convert_i32_s();
                self.push(F64);
            }
            _ => self.push(ty),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng, rngs::StdRng};
    use wasmparser::{Validator, WasmFeatures};

    #[test]
    fn any_bytes_are_valid_modules_of_any_size() {
        let mut rng = StdRng::seed_from_u64(11);
        for round in 0..300 {
            let bytes: Vec<u8> = (0..rng.random_range(0..140)).map(|_| rng.random()).collect();
            let recipe = Recipe::new(&bytes);
            for size in [0, 1, 2, 17] {
                let wasm = recipe.module(size);
                let valid = Validator::new_with_features(WasmFeatures::WASM2).validate_all(&wasm);
                let error = valid.err();
                assert!(error.is_none(), "round {round}, size {size}, {bytes:?}: {error:?}");
            }
        }
    }
}
