//! The operand of an instruction that may be in memory: ModRM, what follows it, and the prefixes that it needs.
//!
//! Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, chapter 2 ("Instruction format").

use super::buffer::Instruction;
use super::lookback::Sum;
use crate::seeded::{Bug, seeded};
use crate::state::reg::Gpr;

/// The prefix that adds the base of the segment `gs` to an address.
const GS: u8 = 0x65;
/// The prefix that computes an address with 32 bits. What a segment adds comes after that.
const ADDRESS_SIZE: u8 = 0x67;

/// The operand that may be in memory.
#[derive(Debug, Clone, Copy)]
pub enum Rm {
    /// A register of either file, by its number.
    Reg(u8),
    /// `[base + disp]`.
    Base(Gpr, i32),
    /// The same with a displacement of four bytes, however small it is.
    Far(Gpr, i32),
    /// `[base + index + disp]`.
    Indexed(Gpr, Gpr, i32),
    /// A sum, of 64 bits or of 32, in the segment `gs`.
    Segment(Sum),
    /// A constant, relative to the instruction's end: the distance follows. There must not be an immediate.
    Constant,
}

impl Rm {
    /// The operand's part of the encoding beside this number for `reg`.
    #[inline(always)]
    pub(super) fn encoding(self, reg: u8) -> Encoding {
        let reg = (reg & 7) << 3;
        match self {
            Rm::Reg(rm) => Encoding { x: 0, b: rm >> 3, bytes: u64::from(0xc0 | reg | (rm & 7)), len: 1 },
            Rm::Base(base, disp) => with_base(reg, base, displacement_mode(base, disp), disp),
            Rm::Far(base, disp) => with_base(reg, base, 0x80, disp),
            Rm::Indexed(base, index, disp) => with_index(reg, base, index, 0, disp),
            Rm::Segment(sum) => with_sum(reg, sum),
            Rm::Constant => Encoding { x: 0, b: 0, bytes: u64::from(reg | 5), len: 1 },
        }
    }
}

/// How an operand is encoded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Encoding {
    /// The highest bit of the index register's number.
    pub(super) x: u8,
    /// The highest bit of the number of the base or register.
    pub(super) b: u8,
    /// ModRM and what follows it, the first byte the lowest; what is behind them means nothing.
    pub(super) bytes: u64,
    /// How many bytes these are.
    pub(super) len: usize,
}

/// `[base + disp]` with a displacement as long as the mode says.
#[inline(always)]
pub(super) fn with_base(reg: u8, base: Gpr, mode: u8, disp: i32) -> Encoding {
    let modrm = u64::from(mode | reg | (base.0 & 7));
    // The number of rsp stands for an index; there is none.
    let (bytes, before) = if base.0 & 7 == 4 { (modrm | 0x24 << 8, 2) } else { (modrm, 1) };
    let bytes = bytes | u64::from(disp as u32) << (8 * before);
    Encoding { x: 0, b: base.0 >> 3, bytes, len: before + displacement_len(mode) }
}

/// `[base + (index << shift) + disp]`.
#[inline(always)]
pub(super) fn with_index(reg: u8, base: Gpr, index: Gpr, shift: u8, disp: i32) -> Encoding {
    let mode = displacement_mode(base, disp);
    let sib = u64::from(shift << 6 | (index.0 & 7) << 3 | (base.0 & 7));
    let bytes = u64::from(mode | reg | 4) | sib << 8 | u64::from(disp as u32) << 16;
    Encoding { x: index.0 >> 3, b: base.0 >> 3, bytes, len: 2 + displacement_len(mode) }
}

/// A sum.
#[inline(always)]
pub(super) fn with_sum(reg: u8, sum: Sum) -> Encoding {
    match (sum.base, sum.index) {
        (Some(base), None) => with_base(reg, base, displacement_mode(base, sum.disp), sum.disp),
        (Some(base), Some((index, shift))) => with_index(reg, base, index, shift, sum.disp),
        (None, index) => {
            // Without a base the displacement has four bytes. The number of rsp stands for no index.
            let (index, shift) = index.unwrap_or((Gpr::RSP, 0));
            let sib = u64::from(shift << 6 | (index.0 & 7) << 3 | 5);
            let bytes = u64::from(reg | 4) | sib << 8 | u64::from(sum.disp as u32) << 16;
            Encoding { x: index.0 >> 3, b: 0, bytes, len: 6 }
        }
    }
}

/// How many bytes a displacement has with these upper bits of ModRM.
#[inline(always)]
pub(super) fn displacement_len(mode: u8) -> usize {
    // A digit for each mode, since nobody can foretell which it is.
    0x410 >> (mode >> 6 << 2) & 7
}

/// The upper bits of ModRM for an operand at `[base + disp]`: how long the displacement is.
#[inline(always)]
pub(super) fn displacement_mode(base: Gpr, disp: i32) -> u8 {
    // The number of rbp without a displacement means something else.
    let any = disp != 0 || base.0 & 7 == 5;
    let long = disp != i32::from(disp as i8);
    (u8::from(any) + u8::from(long)) << 6
}

impl Instruction<'_> {
    /// The prefixes that an operand needs. They come before all others of the instruction.
    #[inline(always)]
    pub(super) fn operand_prefixes(&mut self, rm: Rm) {
        if let Rm::Segment(sum) = rm {
            let narrow = !sum.wide && !seeded(Bug::AddressNotWrapped);
            self.push(u64::from(GS) | u64::from(ADDRESS_SIZE) << 8, if narrow { 2 } else { 1 });
        }
    }
}

#[cfg(all(test, feature = "explain"))]
mod tests {
    use super::*;
    use crate::x64::buffer::CodeBuffer;
    use crate::x64::encode::Opcode;
    use crate::x64::packed::Packed;
    use iced_x86::{Decoder, DecoderOptions, Instruction, Mnemonic, OpKind, Register};

    /// The one instruction that these are.
    fn decoded(emit: impl FnOnce(&mut CodeBuffer)) -> Instruction {
        let mut buffer = CodeBuffer::default();
        emit(&mut buffer);
        let bytes = buffer.finish();
        let instruction = Decoder::new(64, &bytes, DecoderOptions::NONE).decode();
        assert!(!instruction.is_invalid() && instruction.len() == bytes.len(), "{bytes:02x?} is {instruction}");
        instruction
    }

    #[track_caller]
    fn check(instruction: &Instruction, sum: Sum) {
        let of = |gpr: Option<Gpr>| match gpr {
            Some(gpr) if sum.wide => Register::RAX + u32::from(gpr.0),
            Some(gpr) => Register::EAX + u32::from(gpr.0),
            None => Register::None,
        };
        assert_eq!(instruction.segment_prefix(), Register::GS, "{instruction}");
        assert_eq!(instruction.memory_base(), of(sum.base), "{instruction} for {sum:?}");
        assert_eq!(instruction.memory_index(), of(sum.index.map(|(index, _)| index)), "{instruction} for {sum:?}");
        let scale = sum.index.map_or(1, |(_, shift)| 1 << shift);
        assert_eq!(instruction.memory_index_scale(), scale, "{instruction} for {sum:?}");
        let disp = instruction.memory_displacement64() as i64;
        let wanted = if sum.wide { i64::from(sum.disp) } else { i64::from(sum.disp as u32) };
        assert_eq!(disp, wanted, "{instruction} for {sum:?}");
    }

    #[test]
    fn a_disassembler_reads_sums_in_the_segment() {
        let registers = || (0..16).map(Gpr).filter(|gpr| *gpr != Gpr::RSP);
        let bases = || std::iter::once(None).chain(registers().map(Some));
        for base in bases() {
            for index in bases() {
                for (disp, shift, wide) in
                    [(0, 0, true), (127, 1, false), (128, 2, true), (-5, 3, false), (1 << 20, 0, false)]
                {
                    // A 32-bit sum of nothing but a constant is never made: constants are folded.
                    if !wide && base.is_none() && index.is_none() {
                        continue;
                    }
                    let sum = Sum { wide, base, index: index.map(|index| (index, shift)), disp };
                    let load = decoded(|buf| buf.reg_rm(Opcode::new(0x8b), 9, Rm::Segment(sum)));
                    assert_eq!((load.mnemonic(), load.op0_register()), (Mnemonic::Mov, Register::R9D));
                    check(&load, sum);
                    let store = decoded(|buf| buf.reg_rm(Opcode::new(0x88).byte(), 6, Rm::Segment(sum)));
                    assert_eq!((store.mnemonic(), store.op1_register()), (Mnemonic::Mov, Register::SIL));
                    check(&store, sum);
                    let single = Opcode::escape(0x10).prefix(0xf3);
                    let float = decoded(|buf| buf.reg_rm(single, 12, Rm::Segment(sum)));
                    assert_eq!((float.mnemonic(), float.op0_register()), (Mnemonic::Movss, Register::XMM12));
                    check(&float, sum);
                    let add = decoded(|buf| buf.vex(Packed::single(0x58), 3, 4, Rm::Segment(sum)));
                    assert_eq!((add.mnemonic(), add.op2_kind()), (Mnemonic::Vaddps, OpKind::Memory));
                    check(&add, sum);
                    let shuffle = decoded(|buf| buf.sse(Packed::map38(0x00), 10, Rm::Segment(sum)));
                    assert_eq!((shuffle.mnemonic(), shuffle.op0_register()), (Mnemonic::Pshufb, Register::XMM10));
                    check(&shuffle, sum);
                }
            }
        }
    }

    #[test]
    fn a_far_displacement_is_far() {
        let load = decoded(|buf| buf.reg_rm(Opcode::new(0x8b), 0, Rm::Far(Gpr::R15, 1)));
        assert_eq!((load.len(), load.memory_base(), load.memory_displacement64()), (7, Register::R15, 1));
    }
}
