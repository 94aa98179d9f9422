//! Addresses in memory 0, and instructions with an operand there.

use super::asm::SCRATCH;
use super::packed::Rm;
use crate::state::reg::Gpr;

/// An address relative to the base of memory 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Address {
    /// A register, which holds a zero-extended 32-bit number, plus an offset.
    Indexed(Gpr, i32),
    /// A constant.
    Fixed(i32),
}

impl Address {
    /// The register that it needs.
    pub(super) fn index(self) -> Option<Gpr> {
        match self {
            Address::Indexed(index, _) => Some(index),
            Address::Fixed(_) => None,
        }
    }

    /// As an operand of an instruction on vectors.
    pub(super) fn rm(self) -> Rm {
        match self {
            Address::Indexed(index, disp) => Rm::Indexed(Gpr::R15, index, disp),
            Address::Fixed(disp) => Rm::Base(Gpr::R15, disp),
        }
    }

    /// Whether it holds only until the scratch register is used again.
    pub(super) fn uses_scratch(self) -> bool {
        self.index() == Some(SCRATCH)
    }
}

/// An instruction whose last operand is in memory 0.
macro_rules! from_memory {
    ($buf:expr, $address:expr, $($instruction:tt)+) => {
        match $address {
            Address::Indexed(index, 0) => dynasm!($buf ; .arch x64 ; $($instruction)+ [r15 + Rq(index.0)]),
            Address::Indexed(index, disp) => match i8::try_from(disp) {
                Ok(disp) => dynasm!($buf ; .arch x64 ; $($instruction)+ [BYTE r15 + Rq(index.0) + disp]),
                Err(_) => dynasm!($buf ; .arch x64 ; $($instruction)+ [DWORD r15 + Rq(index.0) + disp]),
            },
            Address::Fixed(disp) => dynasm!($buf ; .arch x64 ; $($instruction)+ [DWORD r15 + disp]),
        }
    };
}

/// A store instruction to memory 0.
macro_rules! to_memory {
    ($buf:expr, $address:expr, ($($size:tt)*) $instruction:tt $($value:tt)+) => {
        match $address {
            Address::Indexed(index, 0) => {
                dynasm!($buf ; .arch x64 ; $instruction $($size)* [r15 + Rq(index.0)], $($value)+);
            }
            Address::Indexed(index, disp) => match i8::try_from(disp) {
                Ok(disp) => dynasm!($buf ; .arch x64 ; $instruction $($size)* [BYTE r15 + Rq(index.0) + disp], $($value)+),
                Err(_) => dynasm!($buf ; .arch x64 ; $instruction $($size)* [DWORD r15 + Rq(index.0) + disp], $($value)+),
            },
            Address::Fixed(disp) => dynasm!($buf ; .arch x64 ; $instruction $($size)* [DWORD r15 + disp], $($value)+),
        }
    };
}

pub(super) use {from_memory, to_memory};
