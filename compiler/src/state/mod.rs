//! Where each value is, at every moment of code generation.
//!
//! The value stack of Microwasm holds parameters, locals and operands alike. Each position has a
//! **home slot** in the frame, allocated when it is first needed; the registers are a **cache**
//! over the home slots, and a value may also be a constant that is nowhere. So what a branch or a
//! join must agree on is at most the content of the registers: everything else is at home.
//!
//! ```text
//!   position   0      1      2     ...           len-1
//!            [ param | local | local | operand | operand ]
//!                |       |       |        |         |
//!              rdi    untouched home    const      rdi        rdi's owners: 4 -> 0
//!              (primary)       [rsp+8]            (alias)
//! ```
//!
//! A register may own several positions (copies are free). They form a chain of bounded length.
//! One of them may be the register's **primary**: the position that a join will find there. A
//! position that is a constant, or shares a register without being its primary, is **loose**.
//! Before a branch to a label that others may reach too, loose positions are made firm.
//!
//! Invariants, checked by [`State::check`] after every operator in builds with debug assertions:
//!
//! - S1: The owners of a register are exactly the entries that name it; their chain is doubly
//!   linked, its length is counted, and it has at most [`MAX_OWNERS`] members.
//! - S2: A register without owners is free, one with owners is not; reserved registers are never owned.
//! - S3: A register's primary is one of its owners.
//! - S4: A position below the watermark is untouched, at home, the primary of its register, or in
//!   the list of loose positions.
//! - S5: The list of loose positions names each position at most once and has at most [`MAX_LOOSE`] entries.
//! - S6: A register's class fits the types of all its owners.
//! - S7: A clean register, whose value is at home, too, has a primary, whose home that is.
//!
//! Nothing here emits code: what must be moved is asked of a [`Machine`].

mod alloc;
mod check;
mod entry;
mod header;
mod machine;
mod merge;
mod moves;
mod registers;
mod shape;
mod shapes;
mod slots;
mod stack;

pub mod reg;

pub use entry::{Entry, Location, NONE};
pub use header::{EntryMoves, LabelKind};
pub use machine::{Machine, Slot, class_of};
pub use moves::{Moves, Place, Source};
pub use shape::Shape;
pub use shapes::{ShapeIndex, Shapes};

use crate::microwasm::{FuncType, Type};
use crate::x64::abi;
use entry::Kind;
use header::Header;
use reg::{Gpr, RegSet};
use registers::Registers;
use slots::Slots;
use smallvec::SmallVec;

/// How many positions may share a register. It bounds what moving or evicting one costs.
pub const MAX_OWNERS: u32 = 32;
/// How many loose positions there may be below the watermark; the oldest is made firm when there are more.
pub const MAX_LOOSE: usize = 16;

/// Registers that always hold values: all but the stack pointer, the scratch registers `r11` and `xmm15`,
/// the pinned `r14` (context), and `r15`, which may be pinned (base of memory 0).
pub const ALLOCATABLE: RegSet = RegSet::from_bits(0x7fff_37ef);
/// Those of them that a callee preserves.
pub const CALLEE_SAVED: RegSet = RegSet::of(&[Gpr::RBX, Gpr::RBP, Gpr::R12, Gpr::R13]);

/// A value taken off the stack, for the operator at work.
#[derive(Debug, Clone, Copy)]
pub struct Value {
    /// Its type.
    pub ty: Type,
    /// Where it is. Its register, if any, is not given to anything else during this operator.
    pub location: Location,
    /// Its home slot, where `location` is [`Location::Home`].
    pub home: Slot,
}

/// The state of code generation within one function. Kept and reused from function to function.
#[derive(Debug)]
pub struct State {
    /// Entries up to `len` are the value stack; those above are untouched.
    stack: Vec<Entry>,
    len: u32,
    /// The highest `len` of this function.
    high: u32,
    /// Declared locals, as runs: the position after the run, and its type.
    runs: Vec<(u32, Type)>,
    params: u32,
    locals_end: u32,
    /// Declared locals that are not untouched any more.
    touched: Vec<u32>,
    slots: Slots,
    /// Registers that hold values in this state.
    allocatable: RegSet,
    /// Those of them that a callee preserves.
    callee_saved: RegSet,
    regs: Registers,
    free: RegSet,
    /// Registers that the operator at work uses.
    busy: RegSet,
    /// Registers ever used in this function.
    used: RegSet,
    clock: u32,
    loose: SmallVec<[u32; MAX_LOOSE]>,
    /// Positions below are firm or in `loose`.
    watermark: u32,
    /// Whether a branch or label has been seen: other paths may see an untouched local.
    control_seen: bool,
    /// Whether a backward label has been bound: later writes may precede earlier reads.
    loop_seen: bool,
    moves: Moves,
    header: Header,
    /// Steps that dealt with one entry, register or parameter, in all functions so far.
    operations: u64,
}

impl Default for State {
    fn default() -> Self {
        State::with(RegSet::EMPTY)
    }
}

impl State {
    /// A state in which these registers, too, hold values and are preserved by callees.
    pub fn with(spared: RegSet) -> State {
        State {
            stack: Vec::new(),
            len: 0,
            high: 0,
            runs: Vec::new(),
            params: 0,
            locals_end: 0,
            touched: Vec::new(),
            slots: Slots::default(),
            allocatable: ALLOCATABLE.or(spared),
            callee_saved: CALLEE_SAVED.or(spared),
            regs: Registers::FREE,
            free: ALLOCATABLE.or(spared),
            busy: RegSet::EMPTY,
            used: RegSet::EMPTY,
            clock: 0,
            loose: SmallVec::new(),
            watermark: 0,
            control_seen: false,
            loop_seen: false,
            moves: Moves::default(),
            header: Header::default(),
            operations: 0,
        }
    }

    /// Starts a function: its parameters are where the calling convention puts them.
    pub fn begin(&mut self, ty: &FuncType) {
        self.reset();
        self.operations += (ty.params.len() + ty.results.len()) as u64;
        self.params = ty.params.len() as u32;
        self.locals_end = self.params;
        for (ty, place) in ty.params.iter().zip(abi::arguments(ty)) {
            let position = self.len;
            match place {
                abi::Place::Reg(reg) => {
                    self.push_entry(Entry::register(*ty, reg));
                    self.attach(position, reg);
                    self.regs.primary[reg.index()] = position;
                }
                abi::Place::Memory(word) => {
                    self.push_entry(Entry::home(*ty));
                    self.slots.set_incoming(position, word);
                }
            }
        }
        self.watermark = self.len;
    }

    /// Pushes declared locals, in constant time.
    pub fn declare_locals(&mut self, count: u32, ty: Type) {
        self.len += count;
        self.locals_end = self.len;
        self.watermark = self.len;
        self.high = self.high.max(self.len);
        self.runs.push((self.len, ty));
        if self.stack.len() < self.len as usize {
            self.stack.resize(self.len as usize, Entry::UNTOUCHED);
        }
    }

    /// Forgets the function. Linear in what the function touched, not in what it declared.
    fn reset(&mut self) {
        self.operations += u64::from(self.clock) + (self.touched.len() + self.slots.known()) as u64;
        self.operations += u64::from(self.params + (self.high - self.locals_end));
        for position in self.touched.drain(..) {
            self.stack[position as usize] = Entry::UNTOUCHED;
        }
        self.stack[..self.params as usize].fill(Entry::UNTOUCHED);
        self.stack[self.locals_end as usize..self.high as usize].fill(Entry::UNTOUCHED);
        self.slots.reset();
        self.header = Header::default();
        self.runs.clear();
        self.loose.clear();
        self.regs = Registers::FREE;
        self.free = self.allocatable;
        self.busy = RegSet::EMPTY;
        self.used = RegSet::EMPTY;
        self.clock = 0;
        self.len = 0;
        self.high = 0;
        self.params = 0;
        self.locals_end = 0;
        self.watermark = 0;
        self.control_seen = false;
        self.loop_seen = false;
    }

    /// The next operator starts: no register is in use by the last one any more.
    pub fn next_operator(&mut self) {
        self.busy = RegSet::EMPTY;
        self.clock += 1;
    }

    /// How many steps there have been: one for each operator, and one for each entry, register or parameter where an
    /// operator deals with many.
    pub fn operations(&self) -> u64 {
        self.operations + u64::from(self.clock)
    }

    /// How many values are on the stack.
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether the stack is empty.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The entry at a position.
    pub fn entry(&self, position: u32) -> &Entry {
        debug_assert!(position < self.len);
        &self.stack[position as usize]
    }

    /// The type of the value at a position.
    pub fn type_at(&self, position: u32) -> Type {
        let entry = self.entry(position);
        if entry.kind != Kind::Untouched {
            return entry.ty;
        }
        let run = self.runs.partition_point(|(end, _)| *end <= position);
        self.runs[run].1
    }

    /// Words of 8 bytes that the frame needs for home slots.
    pub fn frame_words(&self) -> u32 {
        self.slots.frame_words()
    }

    /// Home slots that the prologue must set to zero.
    pub fn zero_slots(&self) -> &[Slot] {
        self.slots.zeroed()
    }

    /// A frame word for the emitter's own use, for the rest of the function.
    pub fn reserve_word(&mut self) -> Slot {
        self.slots.reserve()
    }

    /// Registers that a callee preserves.
    pub fn callee_saved(&self) -> RegSet {
        self.callee_saved
    }

    /// Registers that have held values in this function.
    pub fn used_registers(&self) -> RegSet {
        self.used
    }
}

#[cfg(test)]
mod tests;
