//! The host that both engines see: deterministic functions for every import, and a trace of calls.

use crate::linking::{self, Origin};
use crate::rng::Rng;
use crate::shape::{FuncShape, GlobalShape, Shape};
use crate::value::{FuncIdentity, Value, ValueType};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3;

/// At most this many calls are kept between two comparisons; later ones only count in the hash.
const KEPT_CALLS: usize = 256;

/// How deep host functions call back.
const MOST_DEPTH: u32 = 2;

/// How the host behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Manner {
    /// Any result, sometimes a write to memory 0, sometimes a trap: for generated modules.
    Wild,
    /// As wild, and host functions call back, grow memories, and change globals and tables.
    Meddling,
    /// As meddling, and a second instance of the module stands for some imports: see [`crate::linking`].
    Linked,
    /// Mostly zero, which programs take for success; never a write or a trap: for real modules.
    Tame,
}

/// One call of an imported function, or what a host function saw of its own doings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostCall {
    /// The function's index.
    pub import: u32,
    /// The bits of its arguments.
    pub args: Vec<u128>,
    /// Whether the host function called a function with this index, and these are the bits of its results.
    pub back: bool,
}

/// What the host does with a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Bytes to write to memory 0 at the position modulo the possible ones, if there is room.
    pub write: Option<(u64, [u8; 8])>,
    /// What else it does to the instance, before it ends.
    pub meddling: Option<Meddling>,
    /// The results, or the number of a trap.
    pub end: Result<Vec<Value>, u32>,
}

impl Reply {
    /// Carries out the write.
    pub fn apply(&self, memory: &mut [u8]) {
        if let Some((position, bytes)) = self.write
            && memory.len() >= 8
        {
            let at = (position % (memory.len() as u64 - 7)) as usize;
            memory[at..at + 8].copy_from_slice(&bytes);
        }
    }
}

/// What a host function does to the instance that calls it. Choices are taken modulo what there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meddling {
    /// Grows memory 0 by so many pages.
    Grow(u64),
    /// Gives a mutable global any value.
    Global(u64),
    /// Puts a function, or none, into a table of functions.
    Table(u64),
    /// Calls a function with any arguments, and traps if that traps and this says so.
    Call(u64, bool),
}

/// The host of one instance, and of its twin. Two hosts with the same seed and manner behave alike.
#[derive(Debug, Clone)]
pub struct Host {
    seed: u64,
    manner: Manner,
    calls: u64,
    trace: Vec<HostCall>,
    trace_hash: u64,
    /// Host functions that are calling back.
    depth: u32,
    /// Why nothing can be said of the call that is running.
    poison: Option<String>,
}

impl Host {
    /// A host that has not been called.
    pub fn new(seed: u64, manner: Manner) -> Host {
        Host { seed, manner, calls: 0, trace: Vec::new(), trace_hash: 0, depth: 0, poison: None }
    }

    /// Where the imports of a module come from, if not all from this host.
    pub fn origins(&self, shape: &Shape) -> Option<Vec<Origin>> {
        (self.manner == Manner::Linked).then(|| linking::origins(self.seed, shape))
    }

    /// Handles a call of imported function `import`.
    pub fn call(&mut self, import: u32, ty: &FuncShape, args: &[Value]) -> Reply {
        let number = self.calls;
        self.calls += 1;
        let hash = self.note(HostCall { import, args: bits(args), back: false }, number);
        let mut rng = Rng::new(hash, 0);
        let tame = self.manner == Manner::Tame;
        let write = (!tame && rng.one_in(4)).then(|| (rng.next_u64(), rng.next_u64().to_le_bytes()));
        let meddles = matches!(self.manner, Manner::Meddling | Manner::Linked);
        let meddling = if meddles { self.meddling(&mut Rng::new(hash, 1)) } else { None };
        if !tame && rng.one_in(64) {
            return Reply { write, meddling, end: Err(rng.below(16) as u32) };
        }
        let results = ty.results.iter().map(|ty| match self.manner {
            Manner::Wild | Manner::Meddling | Manner::Linked => edge_value(&mut rng, *ty),
            Manner::Tame if !rng.one_in(4) => ty.zero(),
            Manner::Tame => small_value(&mut rng, *ty),
        });
        Reply { write, meddling, end: Ok(results.collect()) }
    }

    /// Puts an event into the trace; the hash of it and of its number.
    fn note(&mut self, event: HostCall, number: u64) -> u64 {
        let mut hasher = Xxh3::with_seed(self.seed);
        hasher.update(&event.import.to_le_bytes());
        hasher.update(&number.to_le_bytes());
        for arg in &event.args {
            hasher.update(&arg.to_le_bytes());
        }
        let hash = hasher.digest();
        self.trace_hash = self.trace_hash.rotate_left(5) ^ hash;
        if self.trace.len() < KEPT_CALLS {
            self.trace.push(event);
        }
        hash
    }

    fn meddling(&self, rng: &mut Rng) -> Option<Meddling> {
        Some(match rng.below(12) {
            // Calls within calls within calls would not end.
            0..=2 if self.depth < MOST_DEPTH => Meddling::Call(rng.next_u64(), rng.one_in(2)),
            3 => Meddling::Grow(rng.below(3)),
            4 => Meddling::Global(rng.next_u64()),
            5 => Meddling::Table(rng.next_u64()),
            _ => return None,
        })
    }

    /// Notes what a host function saw; `index` says of what.
    pub fn saw(&mut self, index: u32, what: Vec<u128>) {
        self.note(HostCall { import: index, args: what, back: true }, self.calls);
    }

    /// A host function calls back.
    pub fn enter(&mut self) {
        self.depth += 1;
    }

    /// It does no longer.
    pub fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Nothing can be said of the call that is running, for this reason.
    pub fn poison(&mut self, why: String) {
        self.poison.get_or_insert(why);
    }

    /// Why nothing can be said of the last call, if so.
    pub fn take_poison(&mut self) -> Option<String> {
        self.poison.take()
    }

    /// The calls since the last time, and a hash over all calls ever.
    pub fn take_trace(&mut self) -> (Vec<HostCall>, u64) {
        (std::mem::take(&mut self.trace), self.trace_hash)
    }

    /// The value of an imported global. Integers are small, because segments start there; for a
    /// program, which mostly imports the bases of its segments and its stack pointer, at places
    /// where both have room.
    pub fn global(&self, index: u32, ty: GlobalShape) -> Value {
        let mut rng = Rng::new(self.seed, 0x1_0000_0000 + u64::from(index));
        match ty.ty {
            ValueType::I32 if self.manner == Manner::Tame => Value::I32(if ty.mutable { 0x8000 } else { 0 }),
            ValueType::I32 => Value::I32(rng.below(64) as u32 * 16),
            ValueType::I64 => Value::I64(rng.below(64) * 16),
            ty => edge_value(&mut rng, ty),
        }
    }

    /// What an imported table is filled with.
    pub fn table_element(&self, index: u32, element: ValueType) -> Value {
        match element {
            ValueType::ExternRef if index.is_multiple_of(2) => Value::ExternRef(Some(1000 + index)),
            other => other.zero(),
        }
    }

    /// Fills the start of an imported memory.
    pub fn fill_memory(&self, index: u32, memory: &mut [u8]) {
        let mut rng = Rng::new(self.seed, 0x2_0000_0000 + u64::from(index));
        let count = memory.len().min(1024);
        memory[..count].copy_from_slice(&rng.bytes(count));
    }
}

/// The bits of values, as the trace keeps them.
pub fn bits(values: &[Value]) -> Vec<u128> {
    values.iter().map(|value| value.trace_bits()).collect()
}

/// Bit patterns at which integers go wrong: powers of two, their neighbours, page sizes.
fn edge_bits(rng: &mut Rng) -> u64 {
    match rng.below(8) {
        0 => 0,
        1 => 1,
        2 => u64::MAX,
        3 => 1 << rng.below(64),
        4 => (1u64 << rng.below(64)).wrapping_sub(1),
        5 => (1u64 << rng.below(64)).wrapping_neg().wrapping_add(rng.below(3)).wrapping_sub(1),
        6 => *rng.pick(&[0xffff, 0x1_0000, 0xfffe, 0x1_fffe, 0x8000_0000, 0x7fff_ffff, 1 << 63, (1 << 63) - 1]),
        // The least immediates, and the numbers around them.
        7 if rng.one_in(2) => {
            (*rng.pick(&[i64::from(i8::MIN), i64::from(i16::MIN), i64::from(i32::MIN)]) + rng.below(3) as i64 - 1)
                as u64
        }
        _ => rng.next_u64(),
    }
}

/// Floats at which rounding, conversion and comparison go wrong; every kind of NaN.
fn edge_f64(rng: &mut Rng) -> u64 {
    const EDGES: [f64; 22] = [
        0.0,
        -0.0,
        1.0,
        -1.0,
        0.5,
        -0.5,
        1.5,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::MAX,
        f64::MIN,
        f64::MIN_POSITIVE,
        4.9e-324,
        2147483647.0,
        2147483648.0,
        -2147483649.0,
        4294967295.0,
        4294967296.0,
        9223372036854775807.0,
        -9223372036854775808.0,
        18446744073709551616.0,
        4503599627370496.5,
    ];
    match rng.below(8) {
        // A NaN: sign, quiet bit and payload as they come.
        0 => 0x7ff0_0000_0000_0000 | (rng.next_u64() & 0x800f_ffff_ffff_ffff) | 1,
        1 => *rng.pick(&[0x7ff8_0000_0000_0000, 0xfff8_0000_0000_0000]),
        2 => rng.next_u64(),
        3 => (edge_bits(rng) as i64 as f64).to_bits(),
        4 => (rng.below(2000) as f64 / 8.0 - 125.0).to_bits(),
        // A neighbour of an edge.
        5 => rng.pick(&EDGES).to_bits().wrapping_add(rng.below(3)).wrapping_sub(1),
        _ => rng.pick(&EDGES).to_bits(),
    }
}

fn edge_f32(rng: &mut Rng) -> u32 {
    match rng.below(8) {
        0 => 0x7f80_0000 | (rng.next_u64() as u32 & 0x807f_ffff) | 1,
        1 => *rng.pick(&[0x7fc0_0000, 0xffc0_0000]),
        2 => rng.next_u64() as u32,
        3 => (f64::from_bits(edge_f64(rng)) as f32).to_bits().wrapping_add(rng.below(3) as u32).wrapping_sub(1),
        _ => {
            let wide = f64::from_bits(edge_f64(rng));
            if wide.is_nan() { 0x3fc0_0000 } else { (wide as f32).to_bits() }
        }
    }
}

/// A vector of lanes of so many bits.
fn lanes(rng: &mut Rng, bits: u32, lane: fn(&mut Rng) -> u64) -> u128 {
    (0..128 / bits).fold(0, |vector, number| vector | u128::from(lane(rng)) << (bits * number))
}

/// Lanes at edges, of any shape.
fn edge_v128(rng: &mut Rng) -> u128 {
    const BYTES: [u64; 8] = [0, 1, 0x7f, 0x80, 0x81, 0xff, 0x0f, 0x10];
    match rng.below(6) {
        0 => lanes(rng, 64, edge_bits),
        1 => lanes(rng, 8, |rng| if rng.one_in(4) { rng.below(256) } else { *rng.pick(&BYTES) }),
        2 => lanes(rng, 16, |rng| if rng.one_in(2) { edge_bits(rng) & 0xffff } else { edge_bits(rng) >> 48 }),
        3 => lanes(rng, 32, |rng| edge_f32(rng).into()),
        4 => lanes(rng, 64, edge_f64),
        // The same in all lanes.
        _ => u128::from(edge_bits(rng) as u32) * 0x1_0000_0001_0000_0001_0000_0001,
    }
}

/// A value biased to edges. A function reference is null.
pub fn edge_value(rng: &mut Rng, ty: ValueType) -> Value {
    match ty {
        ValueType::I32 => {
            let bits = edge_bits(rng);
            Value::I32(if rng.one_in(2) { bits as u32 } else { (bits >> 32) as u32 })
        }
        ValueType::I64 => Value::I64(edge_bits(rng)),
        ValueType::F32 => Value::F32(edge_f32(rng)),
        ValueType::F64 => Value::F64(edge_f64(rng)),
        ValueType::V128 => Value::V128(edge_v128(rng)),
        ValueType::FuncRef => Value::FuncRef(FuncIdentity::Null),
        ValueType::ExternRef if rng.one_in(3) => Value::ExternRef(None),
        ValueType::ExternRef => Value::ExternRef(Some(rng.below(100) as u32)),
    }
}

/// A value as programs pass them: mostly small numbers and aligned addresses, sometimes an edge.
pub fn program_value(rng: &mut Rng, ty: ValueType) -> Value {
    match ty {
        ty if rng.one_in(6) => edge_value(rng, ty),
        ValueType::I32 if rng.one_in(2) => Value::I32(rng.below(0x1_0000) as u32 & !7),
        ty => small_value(rng, ty),
    }
}

fn small_value(rng: &mut Rng, ty: ValueType) -> Value {
    match ty {
        ValueType::I32 => Value::I32(rng.below(256) as u32),
        ValueType::I64 => Value::I64(rng.below(256)),
        ValueType::F32 => Value::F32((rng.below(256) as f32).to_bits()),
        ValueType::F64 => Value::F64((rng.below(256) as f64).to_bits()),
        ty => edge_value(rng, ty),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_hosts_with_one_seed_agree_and_the_trace_tells_calls_apart() {
        let ty = FuncShape { params: vec![ValueType::I32], results: vec![ValueType::F64, ValueType::I64] };
        let mut a = Host::new(5, Manner::Wild);
        let mut b = Host::new(5, Manner::Wild);
        for n in 0..50 {
            assert_eq!(a.call(n % 3, &ty, &[Value::I32(n)]), b.call(n % 3, &ty, &[Value::I32(n)]));
        }
        assert_eq!(a.take_trace(), b.take_trace());
        a.call(0, &ty, &[Value::I32(1)]);
        b.call(0, &ty, &[Value::I32(2)]);
        assert_ne!(a.take_trace(), b.take_trace());
    }

    #[test]
    fn a_write_stays_inside() {
        for len in [0, 7, 8, 9, 100] {
            let mut memory = vec![0; len];
            let reply = Reply { write: Some((u64::MAX, [1; 8])), meddling: None, end: Ok(vec![]) };
            reply.apply(&mut memory);
            assert_eq!(memory.contains(&1), len >= 8);
        }
    }
}
