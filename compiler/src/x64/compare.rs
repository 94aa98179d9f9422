//! Comparisons: flags where the consumer can use flags, 0 or 1 in a register where it cannot.

use super::asm::SCRATCH;
use super::cond::{self, Cond};
use super::encode::{Arithmetic, Opcode};
use super::fused::compares_as_byte;
use super::jumps::Fixups;
use super::lookback::Loaded;
use super::operand::{Rhs, as_const, immediate};
use super::pool::Constant;
use super::rewrites::Rewrite;
use super::{Emitter, Pending};
use crate::microwasm::{Binary, Compare, Type};
use crate::seeded::{Bug, seeded};
use crate::state::reg::{Gpr, Reg, RegClass, Xmm};
use crate::state::{Location, Machine, Value, class_of};
use dynasmrt::{DynasmApi, dynasm};

/// `test`.
pub(super) const TEST: Opcode = Opcode::new(0x85);

/// A comparison whose operands are in place; [`Emitter::emit_test`] makes flags of it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Test {
    /// Two integers.
    Int { wide: bool, left: Gpr, right: Rhs, cond: Cond },
    /// An integer and one in memory.
    IntMemory { wide: bool, left: Gpr, right: Loaded, cond: Cond },
    /// An integer in memory and a constant.
    Memory { left: Loaded, right: i32, cond: Cond },
    /// The bits that two integers share.
    Bits { wide: bool, left: Gpr, right: Rhs, cond: Cond },
    /// Two floats.
    Float { double: bool, left: Xmm, right: Xmm, cond: Cond },
    /// All bits of a vector.
    Lanes { vector: Xmm, cond: Cond },
    /// A float and one in memory.
    FloatMemory { left: Xmm, right: Loaded, cond: Cond },
    /// A float and a constant.
    FloatConstant { left: Xmm, right: Constant, cond: Cond },
}

impl Emitter {
    /// As [`Emitter::pop_test`], for a consumer that can use flags.
    pub(super) fn pop_condition(&mut self) -> Test {
        let fusible = match self.pending {
            Pending::Compare { .. } | Pending::Zero { .. } | Pending::Lanes { .. } => true,
            Pending::Binary(op) => op == Binary::I32And,
            Pending::None | Pending::Vector(_) | Pending::Rotate(_) => false,
        };
        if fusible && !self.may(Rewrite::FuseTest) {
            self.flush();
        }
        self.pop_test()
    }

    /// Takes the condition on top of the stack: a pending comparison, or a value that is not zero.
    /// Its operands are brought into registers now, so that nothing comes between the flags and
    /// their consumer.
    pub(super) fn pop_test(&mut self) -> Test {
        match std::mem::replace(&mut self.pending, Pending::None) {
            Pending::Compare { op, negated } => {
                let b = self.state.pop();
                let a = self.state.pop();
                self.compare_test(op, a, b, negated)
            }
            Pending::Zero { wide, negated } => {
                let a = self.state.pop();
                let cond = Cond::Code(cond::E).negate_if(negated);
                if let Some(left) = self.fuse_byte(a).or_else(|| self.fuse_load(a, a.ty)) {
                    return Test::Memory { left, right: 0, cond };
                }
                let left = self.gpr_of(a);
                let wide = wide && !seeded(Bug::ZeroTestNarrow);
                Test::Int { wide, left, right: Rhs::Imm(0), cond }
            }
            Pending::Lanes { equal, negated } => {
                let vector = self.pop_lanes(equal);
                let cc = if equal.is_some() { cond::E } else { cond::NE };
                Test::Lanes { vector, cond: Cond::Code(cc).negate_if(negated) }
            }
            Pending::Binary(Binary::I32And) => {
                let b = self.state.pop();
                let a = self.state.pop();
                let (a, b) = if as_const(a).is_some() { (b, a) } else { (a, b) };
                let left = self.gpr_of(a);
                let right = self.rhs_of(b);
                Test::Bits { wide: false, left, right, cond: Cond::Code(cond::NE) }
            }
            pending => {
                self.pending = pending;
                self.flush();
                let a = self.state.pop();
                let cond = Cond::Code(cond::NE);
                if let Some(left) = self.fuse_byte(a).or_else(|| self.fuse_load(a, a.ty)) {
                    return Test::Memory { left, right: 0, cond };
                }
                let left = self.gpr_of(a);
                Test::Int { wide: false, left, right: Rhs::Imm(0), cond }
            }
        }
    }

    fn compare_test(&mut self, op: Compare, a: Value, b: Value, negated: bool) -> Test {
        let ty = op.operands()[0];
        if class_of(ty) == RegClass::Float {
            let (swap, cond) = float_condition(op);
            let (a, b) = if swap { (b, a) } else { (a, b) };
            let cond = cond.negate_if(negated);
            if let (Location::Reg(left), true) = (a.location, a.location != b.location)
                && let Some(right) = self.fuse_load(b, ty)
            {
                return Test::FloatMemory { left: left.xmm(), right, cond };
            }
            let left = self.xmm_of(a);
            if let Some(bits) = as_const(b).filter(|_| self.asm.pooled) {
                let right = if ty == Type::F64 { Constant::Double(bits) } else { Constant::Single(bits as u32) };
                return Test::FloatConstant { left, right, cond };
            }
            let right = self.xmm_of(b);
            return Test::Float { double: ty == Type::F64, left, right, cond };
        }
        let swap = as_const(a).is_some() && as_const(b).is_none();
        let (a, b) = if swap { (b, a) } else { (a, b) };
        let cc = int_condition(op);
        let cc = if swap { mirrored(cc) } else { cc };
        if let Some(test) = self.compare_fused(ty, cc, a, b, negated) {
            return test;
        }
        let left = self.gpr_of(a);
        let right = self.rhs_of(b);
        Test::Int { wide: ty == Type::I64, left, right, cond: Cond::Code(cc).negate_if(negated) }
    }

    /// A comparison of which the last instruction loaded an operand.
    fn compare_fused(&mut self, ty: Type, cc: cond::Cc, a: Value, b: Value, negated: bool) -> Option<Test> {
        let cond = Cond::Code(cc).negate_if(negated);
        if let Some(bits) = as_const(b) {
            let right = immediate(bits, ty)?;
            let left = if compares_as_byte(cc, right) { self.fuse_byte(a) } else { None };
            let left = left.or_else(|| self.fuse_load(a, ty))?;
            return Some(Test::Memory { left, right, cond });
        }
        let (Location::Reg(left), Location::Reg(right)) = (a.location, b.location) else { return None };
        if left == right {
            return None;
        }
        let wide = ty == Type::I64;
        if let Some(right) = self.fuse_load(b, ty) {
            return Some(Test::IntMemory { wide, left: left.gpr(), right, cond });
        }
        let loaded = self.fuse_load(a, ty)?;
        let cond = Cond::Code(mirrored(cc)).negate_if(negated);
        Some(Test::IntMemory { wide, left: right.gpr(), right: loaded, cond })
    }

    /// Emits the instruction that sets the flags.
    pub(super) fn emit_test(&mut self, test: Test) -> Cond {
        if let Some(known) = self.known_flags(test)
            && self.may(Rewrite::ReuseFlags)
        {
            return Cond::Code(known);
        }
        let buf = &mut self.asm.buf;
        match test {
            Test::Int { wide, left, right, cond } => {
                match right {
                    Rhs::Imm(0) => buf.reg_reg(TEST.wide(wide), left.0, left.0),
                    Rhs::Imm(imm) => buf.arithmetic_imm(Arithmetic::Cmp, wide, left, imm),
                    Rhs::Reg(right) => buf.arithmetic(Arithmetic::Cmp, wide, left, right),
                }
                cond
            }
            Test::Bits { wide, left, right, cond } => {
                match right {
                    Rhs::Imm(imm) => buf.test_imm(wide, left, imm),
                    Rhs::Reg(right) => buf.reg_reg(TEST.wide(wide), right.0, left.0),
                }
                cond
            }
            Test::IntMemory { wide, left, right, cond } => {
                self.compare_with_memory(wide, left, right);
                cond
            }
            Test::Memory { left, right, cond } => {
                self.compare_memory_with(left, right);
                cond
            }
            Test::Lanes { vector, cond } => {
                self.test_bits(vector);
                cond
            }
            Test::FloatMemory { left, right, cond } => {
                self.compare_float_with_memory(left, right);
                cond
            }
            Test::FloatConstant { left, right, cond } => {
                let double = matches!(right, Constant::Double(_));
                self.asm.with_constant(unordered_compare(double), left, right);
                cond
            }
            Test::Float { double, left, right, cond } => {
                buf.reg_reg(unordered_compare(double), left.0, right.0);
                cond
            }
        }
    }

    /// The condition that the flags fulfil already if the test would hold.
    fn known_flags(&self, test: Test) -> Option<cond::Cc> {
        match test {
            Test::Int { wide, left, right: Rhs::Imm(0), cond: Cond::Code(cc) } => {
                self.flags_compare_zero(left, wide, cc)
            }
            _ => None,
        }
    }

    /// Makes the lowest 8 bits of a register 0 or 1 by the flags.
    fn set_from_flags(&mut self, cond: Cond, dst: Gpr) {
        let (buf, d, s) = (&mut self.asm.buf, dst.0, SCRATCH.0);
        match cond {
            Cond::Code(cc) => setcc(buf, cc, dst),
            Cond::FloatEq => {
                setcc(buf, if seeded(Bug::EqualIfUnordered) { cond::E } else { cond::NP }, dst);
                setcc(buf, cond::E, SCRATCH);
                dynasm!(buf ; .arch x64 ; and Rb(d), Rb(s));
            }
            Cond::FloatNe => {
                setcc(buf, cond::P, dst);
                setcc(buf, cond::NE, SCRATCH);
                dynasm!(buf ; .arch x64 ; or Rb(d), Rb(s));
            }
        }
    }

    /// A free register that is made zero before a test, so that what it held before does not delay the test's result,
    /// and no instruction must clear its upper bits after.
    fn zero_before(&mut self, test: Test) -> Option<Gpr> {
        // Zeroing changes the flags: what they tell already would have to be tested again.
        let usable = self.known_flags(test).is_none() && self.state.has_free(RegClass::Int);
        if !usable || !self.may(Rewrite::ZeroBefore) {
            return None;
        }
        if let Test::Memory { left: loaded, .. } | Test::IntMemory { right: loaded, .. } = test
            && seeded(Bug::ZeroedAddress)
        {
            loaded.address.registers().iter().for_each(|reg| self.state.release(reg));
        }
        let dst = self.alloc_gpr();
        self.asm.buf.arithmetic(Arithmetic::Xor, false, dst, dst);
        Some(dst)
    }

    /// The pending comparison becomes a value.
    pub(super) fn flush_test(&mut self) {
        let test = self.pop_test();
        let zeroed = self.zero_before(test);
        let cond = self.emit_test(test);
        let reuse = match test {
            Test::Int { left, .. } | Test::Bits { left, .. } if self.state.is_unowned(left.into()) => Some(left),
            _ => None,
        };
        // Eviction stores, which leaves the flags alone.
        let dst = zeroed.or(reuse).unwrap_or_else(|| self.alloc_gpr());
        self.set_from_flags(cond, dst);
        if zeroed.is_none() {
            self.asm.buf.reg_reg(Opcode::escape(0xb6).byte(), dst.0, dst.0);
        }
        if let Cond::Code(cc) = cond {
            self.remember_truth(dst, cc);
        }
        self.push(Type::I32, dst);
    }

    /// `select`: the first value if the condition holds, else the second.
    pub(super) fn select(&mut self) {
        if let Some(holds) = self.fold_condition() {
            if holds {
                self.state.drop(1);
            } else {
                self.state.put(self.state.len() - 2, &mut self.asm);
            }
            return;
        }
        let test = self.pop_condition();
        let b = self.state.pop();
        let a = self.state.pop();
        let ty = a.ty;
        let first = self.reg_of(a);
        let second = self.reg_of(b);
        // One of the two is overwritten, so it must not be needed any more.
        let (dst, other, when_other) = if self.state.is_unowned(second) && !self.state.is_unowned(first) {
            (second, first, true)
        } else if self.state.is_unowned(first) && first != second {
            (first, second, false)
        } else {
            let dst = self.state.alloc(first.class(), &mut self.asm);
            self.asm.mov(dst, first);
            (dst, second, false)
        };
        let wrong = seeded(Bug::SelectSwapped) && when_other;
        let cond = self.emit_test(test).negate_if(!when_other || wrong);
        self.move_if(cond, dst, other);
        self.push(ty, dst);
    }

    /// Copies a register if the flags say so.
    fn move_if(&mut self, cond: Cond, dst: Reg, src: Reg) {
        if dst.class() == RegClass::Float {
            let mut skip = Fixups::NONE;
            self.jump_if(cond.not(), &mut skip);
            self.asm.mov(dst, src);
            self.asm.bind(skip);
            return;
        }
        let (dst, src) = (dst.gpr(), src.gpr());
        match cond {
            Cond::Code(cc) => self.cmov(cc, dst, src),
            Cond::FloatNe => {
                self.cmov(cond::NE, dst, src);
                self.cmov(cond::P, dst, src);
            }
            Cond::FloatEq => {
                // Equal and ordered: keep `dst` aside for the two ways of being unequal.
                self.asm.mov(SCRATCH.into(), dst.into());
                self.asm.mov(dst.into(), src.into());
                self.cmov(cond::NE, dst, SCRATCH);
                if !seeded(Bug::SelectIfUnordered) {
                    self.cmov(cond::P, dst, SCRATCH);
                }
            }
        }
    }

    fn cmov(&mut self, cc: cond::Cc, dst: Gpr, src: Gpr) {
        let rex = 0x48 | (dst.0 >> 3) << 2 | src.0 >> 3;
        let modrm = 0xc0 | (dst.0 & 7) << 3 | (src.0 & 7);
        dynasm!(self.asm.buf ; .arch x64 ; .u8 rex ; .u8 0x0f ; .u8 0x40 + cc ; .u8 modrm);
    }

    /// A jump if the flags say so.
    #[inline(always)]
    pub(super) fn jump_if(&mut self, cond: Cond, to: &mut Fixups) {
        match cond {
            Cond::Code(cc) => self.asm.jcc(cc, to),
            Cond::FloatNe => {
                self.asm.jcc(cond::NE, to);
                if !seeded(Bug::BranchIfUnordered) {
                    self.asm.jcc(cond::P, to);
                }
            }
            Cond::FloatEq => {
                let mut unordered = Fixups::NONE;
                self.asm.jcc(cond::P, &mut unordered);
                self.asm.jcc(cond::E, to);
                self.asm.bind(unordered);
            }
        }
    }
}

/// `setcc` of a byte register.
fn setcc(buf: &mut super::buffer::CodeBuffer, cc: cond::Cc, dst: Gpr) {
    buf.reg_reg(Opcode::escape(0x90 + cc).byte(), 0, dst.0);
}

/// `ucomisd` or `ucomiss`.
pub(super) const fn unordered_compare(double: bool) -> Opcode {
    Opcode::escape(0x2e).prefix(if double { 0x66 } else { 0 })
}

fn int_condition(op: Compare) -> cond::Cc {
    match op {
        Compare::I32Eq | Compare::I64Eq => cond::E,
        Compare::I32Ne | Compare::I64Ne => cond::NE,
        Compare::I32LtS | Compare::I64LtS => cond::L,
        Compare::I32LtU | Compare::I64LtU => cond::B,
        Compare::I32GtS | Compare::I64GtS => cond::G,
        Compare::I32GtU | Compare::I64GtU => cond::A,
        Compare::I32LeS | Compare::I64LeS => cond::LE,
        Compare::I32LeU | Compare::I64LeU => cond::BE,
        Compare::I32GeS | Compare::I64GeS => cond::GE,
        Compare::I32GeU | Compare::I64GeU => cond::AE,
        _ => unreachable!("a comparison of floats: {op:?}"),
    }
}

/// The condition when the operands change places.
fn mirrored(cc: cond::Cc) -> cond::Cc {
    match cc {
        cond::L => cond::G,
        cond::G => cond::L,
        cond::LE => {
            if seeded(Bug::ConditionMirrored) {
                cond::G
            } else {
                cond::GE
            }
        }
        cond::GE => cond::LE,
        cond::B => cond::A,
        cond::A => cond::B,
        cond::BE => cond::AE,
        cond::AE => cond::BE,
        same => same,
    }
}

/// Whether the operands change places, and the condition. "Above" is false for unordered operands,
/// so "less" asks whether the second is above the first.
fn float_condition(op: Compare) -> (bool, Cond) {
    match op {
        Compare::F32Eq | Compare::F64Eq => (false, Cond::FloatEq),
        Compare::F32Ne | Compare::F64Ne => (false, Cond::FloatNe),
        Compare::F32Lt | Compare::F64Lt => (true, Cond::Code(cond::A)),
        Compare::F32Gt | Compare::F64Gt => (false, Cond::Code(cond::A)),
        Compare::F32Le | Compare::F64Le => (true, Cond::Code(cond::AE)),
        Compare::F32Ge | Compare::F64Ge => (false, Cond::Code(cond::AE)),
        _ => unreachable!("a comparison of integers: {op:?}"),
    }
}
