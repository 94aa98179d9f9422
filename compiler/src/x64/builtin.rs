//! Operators that are calls of the runtime: growth, bulk memory and bulk table operators.

use super::Emitter;
use super::asm::SCRATCH;
use super::cond;
use super::operand::source_of;
use crate::microwasm::{Op, Type};
use crate::runtime::vmcontext::{VmBuiltins, VmContext, VmMemory};
use crate::state::reg::Gpr;
use crate::state::{Place, Source};
use crate::trap::TrapKind;
use dynasmrt::{DynasmApi, dynasm};
use smallvec::SmallVec;
use std::mem::offset_of;

/// Argument registers of the C convention, after the context.
const C_ARGS: [Gpr; 5] = [Gpr::RSI, Gpr::RDX, Gpr::RCX, Gpr::R8, Gpr::R9];

/// What becomes of a builtin's result.
#[derive(Debug, Clone, Copy)]
enum Outcome {
    /// There is none.
    Nothing,
    /// It is pushed as an `i32`.
    Push,
    /// Anything but zero traps.
    Check(TrapKind),
}

impl Emitter {
    /// `memory.size`.
    pub(super) fn memory_size(&mut self) {
        let dst = self.alloc_gpr();
        self.asm.load_ptr(SCRATCH, Gpr::R14, offset_of!(VmContext, memory0) as i32);
        self.asm.load_ptr(dst, SCRATCH, offset_of!(VmMemory, bytes) as i32);
        dynasm!(self.asm.buf ; .arch x64 ; shr Rq(dst.0), BYTE 16);
        self.push(Type::I32, dst);
    }

    /// Operators that the runtime carries out.
    pub(super) fn builtin(&mut self, op: Op<'_>) {
        let memory = Outcome::Check(TrapKind::MemoryOutOfBounds);
        let table_bounds = Outcome::Check(TrapKind::TableOutOfBounds);
        match op {
            Op::MemoryGrow => self.call_builtin(offset_of!(VmBuiltins, memory_grow), &[], &[0], Outcome::Push),
            Op::MemoryFill => self.call_builtin(offset_of!(VmBuiltins, memory_fill), &[], &[2, 1, 0], memory),
            Op::MemoryCopy => self.call_builtin(offset_of!(VmBuiltins, memory_copy), &[], &[2, 1, 0], memory),
            Op::MemoryInit(segment) => {
                self.call_builtin(offset_of!(VmBuiltins, memory_init), &[segment.into()], &[2, 1, 0], memory);
            }
            Op::DataDrop(segment) => {
                self.call_builtin(offset_of!(VmBuiltins, data_drop), &[segment.into()], &[], Outcome::Nothing);
            }
            Op::TableGrow(table) => {
                // On the stack: initial value, delta. The builtin takes the delta first.
                self.call_builtin(offset_of!(VmBuiltins, table_grow), &[table.into()], &[0, 1], Outcome::Push);
            }
            Op::TableFill(table) => {
                self.call_builtin(offset_of!(VmBuiltins, table_fill), &[table.into()], &[2, 1, 0], table_bounds);
            }
            Op::TableCopy { dst, src } => {
                let tables = [dst.into(), src.into()];
                self.call_builtin(offset_of!(VmBuiltins, table_copy), &tables, &[2, 1, 0], table_bounds);
            }
            Op::TableInit { segment, table } => {
                let both = u64::from(segment) << 32 | u64::from(table);
                self.call_builtin(offset_of!(VmBuiltins, table_init), &[both], &[2, 1, 0], table_bounds);
            }
            Op::ElemDrop(segment) => {
                self.call_builtin(offset_of!(VmBuiltins, elem_drop), &[segment.into()], &[], Outcome::Nothing);
            }
            _ => unreachable!("not an operator of the runtime: {op:?}"),
        }
    }

    /// Calls the builtin at an offset in [`VmBuiltins`] with constants, then with operands by
    /// their depth.
    fn call_builtin(&mut self, builtin: usize, constants: &[u64], depths: &[usize], outcome: Outcome) {
        self.close_header_before_call();
        let operands: SmallVec<[_; 3]> = depths.iter().map(|_| self.state.pop()).collect();
        self.save_for_call();
        let sources = constants.iter().map(|bits| Source::Const(*bits));
        let sources = sources.chain(depths.iter().map(|depth| source_of(operands[*depth])));
        for (reg, source) in C_ARGS.into_iter().zip(sources) {
            self.state.moves().add(Place::Reg(reg.into()), source);
        }
        self.state.emit_moves(&mut self.asm);
        self.asm.load_ptr(SCRATCH, Gpr::R14, offset_of!(VmContext, builtins) as i32);
        let field = builtin as i32;
        dynasm!(self.asm.buf ; .arch x64 ; mov rdi, r14 ; call QWORD [DWORD Rq(SCRATCH.0) + field]);
        self.asm.call_returns();
        self.has_calls = true;
        self.state.next_operator();
        match outcome {
            Outcome::Nothing => {}
            Outcome::Push => {
                // The C convention leaves the upper half of a 32-bit result undefined.
                dynasm!(self.asm.buf ; .arch x64 ; mov eax, eax);
                self.push(Type::I32, Gpr::RAX);
            }
            Outcome::Check(kind) => {
                dynasm!(self.asm.buf ; .arch x64 ; test eax, eax);
                self.asm.trap_if(cond::NE, kind);
            }
        }
    }
}
