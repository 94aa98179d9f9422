//! Integer division and remainder.

use super::Emitter;
use super::cond;
use super::encode::Arithmetic;
use super::jumps::Fixups;
use super::operand::as_const;
use super::reciprocal::Division;
use crate::microwasm::{Binary, Type};
use crate::seeded::{Bug, seeded};
use crate::state::Machine;
use crate::state::reg::Gpr;
use crate::trap::TrapKind;
use dynasmrt::{DynasmApi, dynasm};

impl Emitter {
    /// Division: the dividend in `rdx:rax`; the quotient comes to `rax`, the remainder to `rdx`.
    pub(super) fn divide(&mut self, op: Binary) {
        let ty = op.result();
        let wide = ty == Type::I64;
        let signed = matches!(op, Binary::I32DivS | Binary::I32RemS | Binary::I64DivS | Binary::I64RemS);
        let remainder = matches!(op, Binary::I32RemS | Binary::I32RemU | Binary::I64RemS | Binary::I64RemU);
        let b = self.state.pop();
        let a = self.state.pop();
        let known = as_const(b);
        if let Some(divisor) = known
            && let Some(result) = self.divide_by_constant(Division { wide, signed, remainder }, a, divisor)
        {
            return self.push(ty, result);
        }
        let dividend = self.gpr_of(a);
        let mut divisor = self.gpr_of(b);
        if divisor == Gpr::RAX || (divisor == Gpr::RDX && !seeded(Bug::DivisorInRdx)) {
            let copy = self.alloc_free_of_division();
            self.asm.mov(copy.into(), divisor.into());
            divisor = copy;
        }
        // The dividend is moved before `rdx` is cleared of its owners: it may be there.
        self.state.take(Gpr::RAX.into(), &mut self.asm);
        if dividend != Gpr::RAX {
            self.asm.mov(Gpr::RAX.into(), dividend.into());
        }
        self.state.take(Gpr::RDX.into(), &mut self.asm);

        let (d, c) = (divisor.0, &mut self.asm);
        if known.is_none_or(|bits| bits == 0) {
            match wide {
                false => dynasm!(c.buf ; .arch x64 ; test Rd(d), Rd(d)),
                true => dynasm!(c.buf ; .arch x64 ; test Rq(d), Rq(d)),
            }
            let overflow = seeded(Bug::DivisionTrapKind) && wide;
            c.trap_if(cond::E, if overflow { TrapKind::IntegerOverflow } else { TrapKind::IntegerDivisionByZero });
        }
        let minus_one = if wide { u64::MAX } else { u64::from(u32::MAX) };
        let mut done = Fixups::NONE;
        if signed
            && remainder
            && !(seeded(Bug::RemainderOfSmallest) && wide)
            && known.is_none_or(|bits| bits == minus_one)
        {
            // MIN rem -1 is 0, but the instruction would fault.
            let mut usual = Fixups::NONE;
            c.buf.arithmetic_imm(Arithmetic::Cmp, wide, divisor, -1);
            c.jcc(cond::NE, &mut usual);
            dynasm!(c.buf ; .arch x64 ; xor edx, edx);
            c.jmp(&mut done);
            c.bind(usual);
        }
        match (signed, wide) {
            (true, false) => dynasm!(c.buf ; .arch x64 ; cdq),
            (true, true) => dynasm!(c.buf ; .arch x64 ; cqo),
            (false, _) => dynasm!(c.buf ; .arch x64 ; xor edx, edx),
        }
        if signed && !remainder {
            // MIN / -1 makes the instruction fault.
            let wrong = seeded(Bug::QuotientTrapKind);
            c.may_trap(if wrong { TrapKind::IntegerDivisionByZero } else { TrapKind::IntegerOverflow });
        }
        match (signed, wide) {
            (true, false) => dynasm!(c.buf ; .arch x64 ; idiv Rd(d)),
            (true, true) => dynasm!(c.buf ; .arch x64 ; idiv Rq(d)),
            (false, false) => dynasm!(c.buf ; .arch x64 ; div Rd(d)),
            (false, true) => dynasm!(c.buf ; .arch x64 ; div Rq(d)),
        }
        c.bind(done);
        self.push(ty, if remainder { Gpr::RDX } else { Gpr::RAX });
    }

    /// A register that a division does not use.
    pub(super) fn alloc_free_of_division(&mut self) -> Gpr {
        loop {
            // Registers given out stay in use, so this ends after at most three.
            let reg = self.alloc_gpr();
            if reg != Gpr::RAX && reg != Gpr::RDX {
                return reg;
            }
        }
    }
}
