//! Arguments and results on their way between the host and compiled code.
//!
//! A [`CallFrame`] is the register file of `x64::abi` in memory. The trampolines move all of it
//! between memory and registers, so one trampoline serves all function types; which entry holds
//! which value is counted here, by the same rule as `x64::abi`.

use crate::microwasm::Type;
use crate::runtime::vmcontext::VmValue;
use crate::x64::abi::{FLOAT_ARGS, FLOAT_RESULTS, INT_ARGS, INT_RESULTS, stack_words};

const INTS: usize = INT_ARGS.len();
const FLOATS: usize = FLOAT_ARGS as usize;
const RESULT_INTS: usize = INT_RESULTS.len();
const RESULT_FLOATS: usize = FLOAT_RESULTS as usize;

/// The registers that carry arguments and results.
#[derive(Debug)]
#[repr(C, align(16))]
pub(crate) struct CallFrame {
    /// Integer argument registers.
    pub ints: [u64; INTS],
    /// Float argument registers.
    pub floats: [VmValue; FLOATS],
    /// Arguments on the stack.
    pub stack: *const u64,
    /// Their size in bytes, a multiple of 16.
    pub stack_bytes: usize,
    /// Integer result registers.
    pub result_ints: [u64; RESULT_INTS],
    /// Float result registers.
    pub result_floats: [VmValue; RESULT_FLOATS],
    /// Where the entry trampoline saved the host's registers.
    pub entry_sp: usize,
    /// Keeps the size a multiple of 16.
    pub padding: usize,
}

impl CallFrame {
    /// A frame without values.
    pub fn new() -> CallFrame {
        CallFrame {
            ints: [0; INTS],
            floats: [VmValue(0); FLOATS],
            stack: std::ptr::null(),
            stack_bytes: 0,
            result_ints: [0; RESULT_INTS],
            result_floats: [VmValue(0); RESULT_FLOATS],
            entry_sp: 0,
            padding: 0,
        }
    }
}

/// A place in a call frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// Integer register number `n` of its kind.
    Int(usize),
    /// Float register number `n` of its kind.
    Float(usize),
    /// From word `n` of the stack arguments on, or entry `n` of the result buffer.
    Memory(usize),
}

/// Counts arguments into their places, first to last.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ArgumentSlots {
    ints: usize,
    floats: usize,
    words: usize,
}

impl ArgumentSlots {
    /// The place of the next argument.
    #[inline]
    pub fn next(&mut self, ty: Type) -> Slot {
        let (used, limit) = if ty.is_float() { (&mut self.floats, FLOATS) } else { (&mut self.ints, INTS) };
        if *used < limit {
            *used += 1;
            return if ty.is_float() { Slot::Float(*used - 1) } else { Slot::Int(*used - 1) };
        }
        let word = self.words;
        self.words += stack_words(ty) as usize;
        Slot::Memory(word)
    }
}

/// Counts results into their places, first to last.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ResultSlots {
    ints: usize,
    floats: usize,
    index: usize,
}

impl ResultSlots {
    /// The place of the next result.
    #[inline]
    pub fn next(&mut self, ty: Type) -> Slot {
        let index = self.index;
        self.index += 1;
        let (used, limit) =
            if ty.is_float() { (&mut self.floats, RESULT_FLOATS) } else { (&mut self.ints, RESULT_INTS) };
        if *used < limit {
            *used += 1;
            return if ty.is_float() { Slot::Float(*used - 1) } else { Slot::Int(*used - 1) };
        }
        Slot::Memory(index)
    }
}

/// The bits of a value of this type, without what its register or slot held beside it.
#[inline]
pub(crate) fn clean(ty: Type, bits: u128) -> u128 {
    match ty {
        Type::I32 | Type::F32 => bits & u128::from(u32::MAX),
        Type::I64 | Type::F64 | Type::FuncRef | Type::ExternRef => bits & u128::from(u64::MAX),
        Type::V128 => bits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::microwasm::FuncType;
    use crate::state::reg::Reg;
    use crate::x64::abi::{self, Place};

    fn slot(place: Place, ints: &[crate::state::reg::Gpr]) -> Slot {
        match place {
            Place::Memory(n) => Slot::Memory(n as usize),
            Place::Reg(reg) => match ints.iter().position(|gpr| Reg::from(*gpr) == reg) {
                Some(n) => Slot::Int(n),
                None => Slot::Float(usize::from(reg.xmm().0)),
            },
        }
    }

    #[test]
    fn places_are_those_of_the_convention() {
        let types = [Type::I32, Type::F32, Type::I64, Type::FuncRef, Type::F64, Type::V128, Type::F64, Type::ExternRef];
        for length in 0..60 {
            let list: Box<[Type]> = (0..length).map(|n| types[(n * n + n / 3) % types.len()]).collect();
            let ty = FuncType { params: list.clone(), results: list.clone() };
            let mut arguments = ArgumentSlots::default();
            let mut results = ResultSlots::default();
            for (ty, place) in list.iter().zip(abi::arguments(&ty)) {
                assert_eq!(arguments.next(*ty), slot(place, &INT_ARGS));
            }
            for (ty, place) in list.iter().zip(abi::results(&ty)) {
                assert_eq!(results.next(*ty), slot(place, &INT_RESULTS));
            }
        }
    }
}
