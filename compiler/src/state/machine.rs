//! What the state asks of the machine: to move values. The state decides, the machine emits.

use super::reg::Reg;
use crate::microwasm::Type;

/// A place in memory that belongs to the function's frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slot {
    /// Word `n` (of 8 bytes) above the stack pointer.
    Frame(u32),
    /// Words `n` and `n + 1` above the stack pointer: a vector.
    WideFrame(u32),
    /// Word `n` of the arguments that arrived on the stack.
    Incoming(u32),
    /// Words `n` and `n + 1` of the arguments that arrived on the stack: a vector.
    WideIncoming(u32),
}

impl Slot {
    /// The two words of a wide slot.
    pub const fn halves(self) -> Option<[Slot; 2]> {
        match self {
            Slot::WideFrame(n) => Some([Slot::Frame(n), Slot::Frame(n + 1)]),
            Slot::WideIncoming(n) => Some([Slot::Incoming(n), Slot::Incoming(n + 1)]),
            Slot::Frame(_) | Slot::Incoming(_) => None,
        }
    }
}

/// Moves values between registers and slots: 128 bits where the slot is a wide one, else 64. From vector register to
/// vector register all of it moves. Only `constant` may change the flags.
pub trait Machine {
    /// Copies a register to another of the same class.
    fn mov(&mut self, dst: Reg, src: Reg);
    /// Loads a slot.
    fn load(&mut self, dst: Reg, src: Slot);
    /// Stores to a slot.
    fn store(&mut self, dst: Slot, src: Reg);
    /// Copies a slot, through a scratch register that holds no value.
    fn copy(&mut self, dst: Slot, src: Slot);
    /// Makes a constant of which these are the bits. The upper half of a vector is zero.
    fn constant(&mut self, dst: Reg, bits: u64);
    /// Stores a constant. The upper half of a vector is zero.
    fn store_constant(&mut self, dst: Slot, bits: u64);
    /// Parks a register or slot in a scratch place that survives the other moves; `copies` if slots are copied
    /// meanwhile.
    fn park(&mut self, src: super::moves::Place, copies: bool);
    /// Brings the parked value to its destination; `src` and `copies` are what it was parked with.
    fn unpark(&mut self, dst: super::moves::Place, src: super::moves::Place, copies: bool);
}

/// The register class that holds values of a type.
pub fn class_of(ty: Type) -> super::reg::RegClass {
    if ty.is_float() { super::reg::RegClass::Float } else { super::reg::RegClass::Int }
}
