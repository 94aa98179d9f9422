//! Instructions in their shortest form. dynasm's templates give an instruction whose registers are known only at run
//! time a REX prefix, a displacement and the general form of an immediate whether it needs them or not; what is emitted
//! often is therefore encoded here.

use super::buffer::{CodeBuffer, Instruction};
use super::lookback::Sum;
use super::modrm::{Encoding, Rm, displacement_len, displacement_mode, with_base, with_sum};
use crate::state::reg::Gpr;

/// An instruction without its operands (AMD64 Architecture Programmer's Manual, volume 3, chapter 1).
#[derive(Debug, Clone, Copy)]
pub struct Opcode {
    /// A prefix that belongs to the opcode, or 0.
    prefix: u8,
    /// Whether the byte 0x0f comes before the opcode.
    escape: bool,
    /// Whether the operation has 64 bits.
    wide: bool,
    /// Whether a byte is in the register that ModRM's lowest field names, or in the other one where that names memory.
    byte: bool,
    code: u8,
}

impl Opcode {
    /// An opcode of one byte.
    pub const fn new(code: u8) -> Opcode {
        Opcode { prefix: 0, escape: false, wide: false, byte: false, code }
    }

    /// The same behind the byte 0x0f.
    pub const fn escape(code: u8) -> Opcode {
        Opcode { escape: true, ..Opcode::new(code) }
    }

    /// The same with a prefix.
    #[must_use]
    pub const fn prefix(self, prefix: u8) -> Opcode {
        Opcode { prefix, ..self }
    }

    /// The same for 64 bits, if so.
    #[must_use]
    pub const fn wide(self, wide: bool) -> Opcode {
        Opcode { wide, ..self }
    }

    /// The same with a byte in the register that ModRM's lowest field names, or in the other one where that names memory.
    #[must_use]
    pub const fn byte(self) -> Opcode {
        Opcode { byte: true, ..self }
    }
}

/// Instructions that combine a register with an operand, by the number that they have in the encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    /// Addition.
    Add = 0,
    /// Bitwise or.
    Or = 1,
    /// Bitwise and.
    And = 4,
    /// Subtraction.
    Sub = 5,
    /// Bitwise exclusive or.
    Xor = 6,
    /// Comparison.
    Cmp = 7,
}

impl Instruction<'_> {
    /// Prefixes and opcode; `extension` has the highest bits of the operands' numbers as the REX prefix has them.
    #[inline(always)]
    fn head(&mut self, op: Opcode, extension: u8, keep: bool) {
        self.push(u64::from(op.prefix), usize::from(op.prefix != 0));
        let rex = extension | u8::from(op.wide) << 3;
        self.push(u64::from(0x40 | rex), usize::from(rex != 0 || keep));
        self.push(0x0f, usize::from(op.escape));
        self.push(u64::from(op.code), 1);
    }
}

impl CodeBuffer {
    /// An instruction with two register operands, or with one and a part of the opcode in the place of `reg`.
    #[inline(always)]
    pub fn reg_reg(&mut self, op: Opcode, reg: u8, rm: u8) {
        let mut instruction = self.instruction();
        // Without a prefix, byte registers from 4 on are not the lowest ones.
        instruction.head(op, (reg >> 3) << 2 | rm >> 3, op.byte && rm >= 4);
        instruction.push(u64::from(0xc0 | (reg & 7) << 3 | (rm & 7)), 1);
        instruction.finish();
    }

    /// An instruction with a register operand, or a part of the opcode in its place, and one at `[base + disp]`.
    #[inline]
    pub fn reg_mem(&mut self, op: Opcode, reg: u8, base: Gpr, disp: i32) {
        let operand = with_base((reg & 7) << 3, base, displacement_mode(base, disp), disp);
        let mut instruction = self.instruction();
        instruction.head(op, (reg >> 3) << 2 | operand.b, false);
        instruction.push(operand.bytes, operand.len);
        instruction.finish();
    }

    /// `lea`.
    #[inline]
    pub(super) fn lea(&mut self, wide: bool, dst: Gpr, sum: Sum) {
        self.reg_operand(Opcode::new(0x8d).wide(wide), dst.0, with_sum((dst.0 & 7) << 3, sum));
    }

    /// `mov` between general-purpose registers.
    #[inline(always)]
    pub fn mov(&mut self, dst: Gpr, src: Gpr) {
        let rex = 0x48 | (src.0 >> 3) << 2 | dst.0 >> 3;
        self.push_word(u64::from(rex) | 0x89 << 8 | u64::from(0xc0 | (src.0 & 7) << 3 | (dst.0 & 7)) << 16, 3);
    }

    /// A 64-bit instruction of one byte with a general-purpose register and one operand at `[rsp + disp]`: what
    /// [`CodeBuffer::reg_mem`] would emit, at once.
    #[inline(always)]
    pub fn reg_frame(&mut self, code: u8, reg: Gpr, disp: i32) {
        let mode = displacement_mode(Gpr::RSP, disp);
        let start = u32::from_le_bytes([0x48 | (reg.0 >> 3) << 2, code, mode | (reg.0 & 7) << 3 | 4, 0x24]);
        self.push_word(u64::from(start) | u64::from(disp as u32) << 32, 4 + displacement_len(mode) as u32);
    }

    /// An instruction with a register operand and one that is relative to the instruction, but for the distance.
    #[inline]
    pub fn reg_rip(&mut self, op: Opcode, reg: u8) {
        let mut instruction = self.instruction();
        instruction.head(op, (reg >> 3) << 2, false);
        instruction.push(u64::from((reg & 7) << 3 | 5), 1);
        instruction.finish();
    }

    /// `op left, right`.
    #[inline]
    pub fn arithmetic(&mut self, op: Arithmetic, wide: bool, left: Gpr, right: Gpr) {
        self.reg_reg(Opcode::new((op as u8) << 3 | 1).wide(wide), right.0, left.0);
    }

    /// `op left, imm`. Only a comparison's flags mean anything afterwards.
    #[inline]
    pub fn arithmetic_imm(&mut self, op: Arithmetic, wide: bool, left: Gpr, imm: i32) {
        let (op, imm) = match (op, imm) {
            (Arithmetic::Add, 128) => (Arithmetic::Sub, -128),
            same => same,
        };
        // The upper half becomes zero either way.
        let wide = wide && !(op == Arithmetic::And && imm >= 0);
        if op == Arithmetic::Xor && imm == -1 {
            return self.reg_reg(Opcode::new(0xf7).wide(wide), 2, left.0);
        }
        if let Ok(imm) = i8::try_from(imm) {
            self.reg_reg(Opcode::new(0x83).wide(wide), op as u8, left.0);
            return self.push_word(u64::from(imm as u8), 1);
        }
        if left == Gpr::RAX {
            let mut instruction = self.instruction();
            instruction.head(Opcode::new((op as u8) << 3 | 5).wide(wide), 0, false);
            instruction.finish();
        } else {
            self.reg_reg(Opcode::new(0x81).wide(wide), op as u8, left.0);
        }
        self.push_word(u64::from(imm as u32), 4);
    }

    /// An instruction with a register operand, or a part of the opcode in its place, and one that may be in memory.
    #[inline]
    pub(super) fn reg_rm(&mut self, op: Opcode, reg: u8, rm: Rm) {
        if let Rm::Segment(_) = rm {
            let mut prefixes = self.instruction();
            prefixes.operand_prefixes(rm);
            prefixes.finish();
        }
        self.reg_operand(op, reg, rm.encoding(reg));
    }

    /// The same with an operand that is encoded already and needs no prefixes.
    #[inline(always)]
    pub(super) fn reg_operand(&mut self, op: Opcode, reg: u8, operand: Encoding) {
        let mut instruction = self.instruction();
        instruction.head(op, (reg >> 3) << 2 | operand.x << 1 | operand.b, op.byte && reg >= 4);
        instruction.push(operand.bytes, operand.len);
        instruction.finish();
    }

    /// `op [memory], imm`, of which `size` bytes are stored if it needs more than one. `form` says all of the instruction
    /// but its code.
    pub(super) fn memory_imm(&mut self, op: Arithmetic, form: Opcode, memory: Rm, imm: i32, size: u32) {
        let short = i8::try_from(imm).is_ok();
        self.reg_rm(Opcode { code: if short { 0x83 } else { 0x81 }, ..form }, op as u8, memory);
        self.push_word(u64::from(imm as u32), if short { 1 } else { size });
    }

    /// `test left, imm`, for a consumer that asks whether the result is zero.
    #[inline]
    pub fn test_imm(&mut self, wide: bool, left: Gpr, imm: i32) {
        if let Ok(byte) = u8::try_from(imm) {
            self.reg_reg(Opcode::new(0xf6).byte(), 0, left.0);
            return self.push_word(u64::from(byte), 1);
        }
        self.reg_reg(Opcode::new(0xf7).wide(wide && imm < 0), 0, left.0);
        self.push_word(u64::from(imm as u32), 4);
    }

    /// `mov` of a 32-bit constant, which makes the upper half zero.
    #[inline]
    pub fn mov_imm32(&mut self, dst: Gpr, imm: u32) {
        let mut instruction = self.instruction();
        instruction.head(Opcode::new(0xb8 | (dst.0 & 7)), dst.0 >> 3, false);
        instruction.push(u64::from(imm), 4);
        instruction.finish();
    }

    /// `push` or `pop` of a register.
    pub fn push_pop(&mut self, pop: bool, reg: Gpr) {
        let code = if pop { 0x58 } else { 0x50 };
        let mut instruction = self.instruction();
        instruction.head(Opcode::new(code | (reg.0 & 7)), reg.0 >> 3, false);
        instruction.finish();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dynasmrt::{DynasmApi, dynasm};

    fn bytes(emit: impl FnOnce(&mut CodeBuffer)) -> Vec<u8> {
        let mut buffer = CodeBuffer::default();
        emit(&mut buffer);
        buffer.finish().to_vec()
    }

    /// What dynasm emits for registers that it knows, which is the short form.
    #[test]
    fn agrees_with_an_assembler() {
        #[track_caller]
        fn same(ours: Vec<u8>, theirs: Vec<u8>) {
            assert_eq!(ours, theirs);
        }
        same(
            bytes(|b| b.arithmetic(Arithmetic::Add, false, Gpr::RAX, Gpr::RDI)),
            bytes(|b| dynasm!(b ; .arch x64 ; add eax, edi)),
        );
        same(
            bytes(|b| b.arithmetic(Arithmetic::Xor, true, Gpr::R8, Gpr::RCX)),
            bytes(|b| dynasm!(b ; .arch x64 ; xor r8, rcx)),
        );
        same(
            bytes(|b| b.arithmetic(Arithmetic::Sub, false, Gpr::RBX, Gpr::R13)),
            bytes(|b| dynasm!(b ; .arch x64 ; sub ebx, r13d)),
        );
        same(
            bytes(|b| b.arithmetic_imm(Arithmetic::Sub, false, Gpr::RSI, -3)),
            bytes(|b| dynasm!(b ; .arch x64 ; sub esi, BYTE -3)),
        );
        same(
            bytes(|b| b.arithmetic_imm(Arithmetic::Or, true, Gpr::R12, 1000)),
            bytes(|b| dynasm!(b ; .arch x64 ; or r12, DWORD 1000)),
        );
        same(
            bytes(|b| b.arithmetic_imm(Arithmetic::Cmp, true, Gpr::RAX, -1000)),
            // The form without ModRM, which the assembler does not choose.
            vec![0x48, 0x3d, 0x18, 0xfc, 0xff, 0xff],
        );
        same(
            bytes(|b| b.arithmetic_imm(Arithmetic::Add, true, Gpr::RDX, 128)),
            bytes(|b| dynasm!(b ; .arch x64 ; sub rdx, BYTE -128)),
        );
        same(
            bytes(|b| b.arithmetic_imm(Arithmetic::And, true, Gpr::RDX, 300)),
            bytes(|b| dynasm!(b ; .arch x64 ; and edx, DWORD 300)),
        );
        same(
            bytes(|b| b.test_imm(true, Gpr::RSI, 200)),
            bytes(|b| dynasm!(b ; .arch x64 ; test sil, BYTE 200u8 as i8)),
        );
        same(bytes(|b| b.test_imm(true, Gpr::RCX, 200)), bytes(|b| dynasm!(b ; .arch x64 ; test cl, BYTE 200u8 as i8)));
        same(bytes(|b| b.test_imm(true, Gpr::R9, -2)), bytes(|b| dynasm!(b ; .arch x64 ; test r9, DWORD -2)));
        same(bytes(|b| b.mov_imm32(Gpr::R10, 7)), bytes(|b| dynasm!(b ; .arch x64 ; mov r10d, 7)));
        same(
            bytes(|b| {
                b.push_pop(false, Gpr::RBX);
                b.push_pop(true, Gpr::R12);
            }),
            bytes(|b| dynasm!(b ; .arch x64 ; push rbx ; pop r12)),
        );
        let movsd = Opcode::escape(0x10).prefix(0xf2);
        let mov = Opcode::new(0x8b).wide(true);
        same(bytes(|b| b.reg_mem(movsd, 9, Gpr::RSP, 0)), bytes(|b| dynasm!(b ; .arch x64 ; movsd xmm9, [rsp])));
        same(bytes(|b| b.reg_mem(mov, 3, Gpr::RBP, 0)), bytes(|b| dynasm!(b ; .arch x64 ; mov rbx, [BYTE rbp + 0])));
        same(bytes(|b| b.reg_mem(mov, 3, Gpr::R13, 0)), bytes(|b| dynasm!(b ; .arch x64 ; mov rbx, [BYTE r13 + 0])));
        same(bytes(|b| b.reg_mem(mov, 3, Gpr::R12, 0)), bytes(|b| dynasm!(b ; .arch x64 ; mov rbx, [r12])));
        same(
            bytes(|b| b.reg_mem(mov, 10, Gpr::RSP, 127)),
            bytes(|b| dynasm!(b ; .arch x64 ; mov r10, [BYTE rsp + 127])),
        );
        same(
            bytes(|b| b.reg_mem(mov, 0, Gpr::R14, 128)),
            bytes(|b| dynasm!(b ; .arch x64 ; mov rax, [DWORD r14 + 128])),
        );
        let (near, far) = (Rm::Indexed(Gpr::R15, Gpr::R9, 0), Rm::Indexed(Gpr::R15, Gpr::RCX, 1000));
        let add = Opcode::new(0x01);
        same(bytes(|b| b.reg_rm(add, 0, near)), bytes(|b| dynasm!(b ; .arch x64 ; add [r15 + r9], eax)));
        same(
            bytes(|b| b.reg_rm(add.wide(true), 12, far)),
            bytes(|b| dynasm!(b ; .arch x64 ; add [r15 + rcx + 1000], r12)),
        );
        same(
            bytes(|b| b.memory_imm(Arithmetic::Cmp, Opcode::new(0), Rm::Base(Gpr::R15, 40), 1000, 4)),
            bytes(|b| dynasm!(b ; .arch x64 ; cmp DWORD [r15 + 40], DWORD 1000)),
        );
        let setcc = Opcode::escape(0x94).byte();
        same(bytes(|b| b.reg_reg(setcc, 0, 3)), bytes(|b| dynasm!(b ; .arch x64 ; sete bl)));
        same(bytes(|b| b.reg_reg(setcc, 0, 5)), bytes(|b| dynasm!(b ; .arch x64 ; sete bpl)));
        let movzx = Opcode::escape(0xb6).byte();
        same(bytes(|b| b.reg_reg(movzx, 5, 3)), bytes(|b| dynasm!(b ; .arch x64 ; movzx ebp, bl)));
        let sum = Sum { wide: true, base: Some(Gpr::R8), index: Some((Gpr::RDX, 2)), disp: 5 };
        same(bytes(|b| b.lea(true, Gpr::R11, sum)), bytes(|b| dynasm!(b ; .arch x64 ; lea r11, [r8 + rdx * 4 + 5])));
        let sum = Sum { wide: false, base: None, index: Some((Gpr::R9, 3)), disp: 0 };
        same(bytes(|b| b.lea(false, Gpr::RAX, sum)), bytes(|b| dynasm!(b ; .arch x64 ; lea eax, [NOSPLIT r9 * 8])));
    }

    #[test]
    fn what_is_written_at_once_is_what_would_be_written_in_parts() {
        let mov = |code| Opcode::new(code).wide(true);
        for reg in (0..16).map(Gpr) {
            for other in (0..16).map(Gpr) {
                assert_eq!(bytes(|b| b.mov(reg, other)), bytes(|b| b.reg_reg(mov(0x89), other.0, reg.0)));
            }
            for (code, disp) in [(0x8b, 0), (0x89, 8), (0x8b, 127), (0x89, 128), (0x8b, 1 << 20)] {
                let parts = bytes(|b| b.reg_mem(mov(code), reg.0, Gpr::RSP, disp));
                assert_eq!(bytes(|b| b.reg_frame(code, reg, disp)), parts);
            }
        }
    }
}
