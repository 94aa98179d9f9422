//! Instructions on vector registers: with two operands (SSE), or with three (AVX). dynasm has a template for each; here
//! they are values, because the code generator chooses them from tables and each has to exist in both forms.
//!
//! Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, chapter 2 ("Instruction format").

use super::buffer::CodeBuffer;
use super::modrm::Rm;

/// An instruction on vector registers, without its operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packed {
    /// The prefix, as VEX counts them: 0 none, 1 0x66, 2 0xf3, 3 0xf2.
    prefix: u8,
    /// The opcode's map, as VEX counts them: 1 0x0f, 2 0x0f38, 3 0x0f3a.
    map: u8,
    /// Whether a general-purpose operand has 64 bits.
    wide: bool,
    code: u8,
}

impl Packed {
    /// Four floats: 0x0f.
    pub const fn single(code: u8) -> Packed {
        Packed { prefix: 0, map: 1, wide: false, code }
    }

    /// Two floats, or integers: 0x66 0x0f.
    pub const fn double(code: u8) -> Packed {
        Packed { prefix: 1, ..Packed::single(code) }
    }

    /// 0x66 0x0f 0x38.
    pub const fn map38(code: u8) -> Packed {
        Packed { map: 2, ..Packed::double(code) }
    }

    /// 0x66 0x0f 0x3a, with an immediate.
    pub const fn map3a(code: u8) -> Packed {
        Packed { map: 3, ..Packed::double(code) }
    }

    /// The same with the prefix 0xf3.
    #[must_use]
    pub const fn f3(self) -> Packed {
        Packed { prefix: 2, ..self }
    }

    /// The same with the prefix 0xf2.
    #[must_use]
    pub const fn f2(self) -> Packed {
        Packed { prefix: 3, ..self }
    }

    /// The same with a general-purpose operand of 64 bits.
    #[must_use]
    pub const fn wide(self) -> Packed {
        Packed { wide: true, ..self }
    }
}

impl CodeBuffer {
    /// `op reg, rm`: two operands. Without AVX a vector in memory must be aligned.
    pub fn sse(&mut self, op: Packed, reg: u8, rm: Rm) {
        const PREFIXES: [u64; 4] = [0, 0x66, 0xf3, 0xf2];
        let operand = rm.encoding(reg);
        let rex = u8::from(op.wide) << 3 | (reg >> 3) << 2 | operand.x << 1 | operand.b;
        let mut instruction = self.instruction();
        instruction.operand_prefixes(rm);
        instruction.push(PREFIXES[usize::from(op.prefix & 3)], usize::from(op.prefix != 0));
        instruction.push(u64::from(0x40 | rex), usize::from(rex != 0));
        match op.map {
            2 => instruction.push(0x380f, 2),
            3 => instruction.push(0x3a0f, 2),
            _ => instruction.push(0x0f, 1),
        }
        instruction.push(u64::from(op.code), 1);
        instruction.push(operand.bytes, operand.len);
        instruction.finish();
    }

    /// `op reg, left, rm`: three operands. Those that have only two have 0 for `left`.
    pub fn vex(&mut self, op: Packed, reg: u8, left: u8, rm: Rm) {
        let operand = rm.encoding(reg);
        let last = (!left & 15) << 3 | op.prefix;
        let r = (!(reg >> 3) & 1) << 7;
        let mut instruction = self.instruction();
        instruction.operand_prefixes(rm);
        if op.map == 1 && !op.wide && operand.x == 0 && operand.b == 0 {
            instruction.push(0xc5 | u64::from(r | last) << 8, 2);
        } else {
            let map = r | (!operand.x & 1) << 6 | (!operand.b & 1) << 5 | op.map;
            let last = u8::from(op.wide) << 7 | last;
            instruction.push(0xc4 | u64::from(map) << 8 | u64::from(last) << 16, 3);
        }
        instruction.push(u64::from(op.code), 1);
        instruction.push(operand.bytes, operand.len);
        instruction.finish();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::reg::Gpr;
    use dynasmrt::{DynasmApi, dynasm};

    fn bytes(emit: impl FnOnce(&mut CodeBuffer)) -> Vec<u8> {
        let mut buf = CodeBuffer::default();
        emit(&mut buf);
        buf.finish().to_vec()
    }

    #[test]
    fn registers_agree_with_an_assembler() {
        for d in 0..16u8 {
            for s in 0..16u8 {
                let ours = bytes(|buf| buf.sse(Packed::map38(0x00), d, Rm::Reg(s)));
                // dynasm writes a REX prefix whether it is needed or not.
                let theirs = bytes(|buf| dynasm!(buf ; .arch x64 ; pshufb Rx(d), Rx(s)));
                let theirs: Vec<u8> = theirs.into_iter().filter(|byte| *byte != 0x40).collect();
                assert_eq!(ours, theirs, "pshufb xmm{d}, xmm{s}");
                let ours = bytes(|buf| buf.vex(Packed::map38(0x00), d, 3, Rm::Reg(s)));
                let theirs = bytes(|buf| dynasm!(buf ; .arch x64 ; vpshufb Rx(d), Rx(3), Rx(s)));
                assert_eq!(ours, theirs, "vpshufb xmm{d}, xmm3, xmm{s}");
            }
        }
        // The short form of VEX.
        let ours = bytes(|buf| buf.vex(Packed::double(0xfe), 9, 12, Rm::Reg(3)));
        let theirs = bytes(|buf| dynasm!(buf ; .arch x64 ; vpaddd xmm9, xmm12, xmm3));
        assert_eq!(ours, theirs);
        let ours = bytes(|buf| buf.vex(Packed::map3a(0x22).wide(), 9, 12, Rm::Reg(10)));
        let theirs = bytes(|buf| dynasm!(buf ; .arch x64 ; vpinsrq xmm9, xmm12, r10, 1));
        assert_eq!(ours, theirs[..theirs.len() - 1]);
    }

    #[test]
    fn memory_agrees_with_an_assembler() {
        for disp in [1, -128, 127, 128, -129, i32::MAX] {
            let ours = bytes(|buf| buf.vex(Packed::single(0x58), 8, 1, Rm::Base(Gpr::RSP, disp)));
            let short = i8::try_from(disp);
            let theirs = bytes(|buf| match short {
                Ok(disp) => dynasm!(buf ; .arch x64 ; vaddps xmm8, xmm1, [BYTE rsp + disp]),
                Err(_) => dynasm!(buf ; .arch x64 ; vaddps xmm8, xmm1, [DWORD rsp + disp]),
            });
            assert_eq!(ours, theirs, "[rsp + {disp}]");
            let ours = bytes(|buf| buf.vex(Packed::single(0x58), 8, 1, Rm::Indexed(Gpr::R15, Gpr::R9, disp)));
            let theirs = bytes(|buf| match short {
                Ok(disp) => dynasm!(buf ; .arch x64 ; vaddps xmm8, xmm1, [BYTE r15 + r9 + disp]),
                Err(_) => dynasm!(buf ; .arch x64 ; vaddps xmm8, xmm1, [DWORD r15 + r9 + disp]),
            });
            assert_eq!(ours, theirs, "[r15 + r9 + {disp}]");
        }
        let ours = bytes(|buf| buf.sse(Packed::single(0x58), 8, Rm::Base(Gpr::R13, 0)));
        let theirs = bytes(|buf| dynasm!(buf ; .arch x64 ; addps xmm8, [r13]));
        assert_eq!(ours, theirs);
        let ours = bytes(|buf| buf.sse(Packed::single(0x58), 2, Rm::Indexed(Gpr::R15, Gpr::RAX, 0)));
        let theirs = bytes(|buf| dynasm!(buf ; .arch x64 ; addps xmm2, [r15 + rax]));
        assert_eq!(ours, theirs);
    }
}
