//! Where arguments and results travel, and what each register is for.
//!
//! Calls inside compiled code follow this convention:
//! - integers and references in `rdi rsi rdx rcx r8 r9`, floats in `xmm0..xmm7`; the rest on the
//!   stack, 8 bytes each and vectors 16, the first at the lowest address, padded to a multiple of 16 bytes. The
//!   **callee pops** them, so that tail calls are possible with any number of arguments;
//! - the first two integer results in `rax rdx`, the first two float results in `xmm0 xmm1`; result
//!   number `i` beyond them in entry `i` of the store's result buffer ([`VmStore::results`]);
//! - an `i32` in a register has a zero upper half; an `f32` leaves the rest of its register undefined;
//! - `r14` is the callee's [`VmContext`], and the base of its memory 0 is where [`MemoryBase`] says: in `r15`, or in the
//!   base of the segment `gs`. A call that may leave the instance saves and restores both around it, so to its caller
//!   they are preserved. Such a call leaves the caller's context in `r10`, for host functions: they learn who calls;
//! - `rbx rbp r12 r13` are preserved by the callee, and `r15` with them where it is not that base; everything else is not;
//! - the stack pointer is a multiple of 16 before the call instruction.
//!
//! [`MemoryBase`]: super::memory_base::MemoryBase
//! [`VmContext`]: crate::runtime::vmcontext::VmContext
//! [`VmStore::results`]: crate::runtime::vmcontext::VmStore

use crate::microwasm::{FuncType, Type};
use crate::state::reg::{Gpr, Reg, Xmm};

/// Integer argument registers, in order.
pub const INT_ARGS: [Gpr; 6] = [Gpr::RDI, Gpr::RSI, Gpr::RDX, Gpr::RCX, Gpr::R8, Gpr::R9];
/// How many float arguments travel in registers, from `xmm0`.
pub const FLOAT_ARGS: u8 = 8;
/// Integer result registers, in order.
pub const INT_RESULTS: [Gpr; 2] = [Gpr::RAX, Gpr::RDX];
/// How many float results travel in registers, from `xmm0`.
pub const FLOAT_RESULTS: u8 = 2;

/// Where one argument or result is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In a register.
    Reg(Reg),
    /// Memory: for an argument, from 8-byte word `n` of the stack arguments on; for a result, entry `n` of
    /// the store's result buffer.
    Memory(u32),
}

/// The places of a function's arguments, first to last.
pub fn arguments(ty: &FuncType) -> impl Iterator<Item = Place> + '_ {
    let (mut ints, mut floats, mut words) = (0, 0, 0);
    ty.params.iter().map(move |ty| {
        if let Some(reg) = next_register(*ty, &INT_ARGS, FLOAT_ARGS, &mut ints, &mut floats) {
            return Place::Reg(reg);
        }
        let word = words;
        words += stack_words(*ty);
        Place::Memory(word)
    })
}

/// The places of a function's results, first to last.
pub fn results(ty: &FuncType) -> impl Iterator<Item = Place> + '_ {
    let (mut ints, mut floats) = (0, 0);
    ty.results.iter().enumerate().map(move |(index, ty)| {
        match next_register(*ty, &INT_RESULTS, FLOAT_RESULTS, &mut ints, &mut floats) {
            Some(reg) => Place::Reg(reg),
            None => Place::Memory(index as u32),
        }
    })
}

/// Bytes of stack arguments of a function, a multiple of 16.
pub fn stack_argument_bytes(ty: &FuncType) -> u32 {
    if ty.params.len() <= INT_ARGS.len().min(FLOAT_ARGS as usize) {
        return 0;
    }
    let words = arguments(ty).zip(&ty.params).map(|(place, ty)| match place {
        Place::Memory(_) => stack_words(*ty),
        Place::Reg(_) => 0,
    });
    (words.sum::<u32>() * 8).next_multiple_of(16)
}

/// Words of 8 bytes that an argument takes on the stack.
pub const fn stack_words(ty: Type) -> u32 {
    match ty {
        Type::V128 => 2,
        _ => 1,
    }
}

fn next_register(ty: Type, ints: &[Gpr], floats: u8, used_ints: &mut usize, used_floats: &mut u8) -> Option<Reg> {
    if ty.is_float() {
        let index = *used_floats;
        *used_floats = index.saturating_add(1);
        (index < floats).then(|| Xmm(index).into())
    } else {
        let index = *used_ints;
        *used_ints += 1;
        ints.get(index).map(|gpr| (*gpr).into())
    }
}
