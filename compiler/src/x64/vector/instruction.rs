//! The operators that are one instruction.

use super::mnemonic::*;
use crate::microwasm::Vector;
use crate::seeded::{Bug, seeded};
use crate::x64::packed::Packed;

/// How an operator's operands become those of its instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One operand.
    Unary,
    /// Two, as they are.
    Binary,
    /// Two, whose order makes no difference.
    Commutative,
    /// Two, exchanged.
    Exchanged,
}

/// An operator's instruction.
#[derive(Debug, Clone, Copy)]
pub struct Instruction {
    pub op: Packed,
    pub form: Form,
    /// The instruction's immediate, if it has one.
    pub imm: Option<u8>,
}

// What `cmpps` and `cmppd` ask.
const EQUAL: u8 = 0;
const LESS: u8 = 1;
pub const LESS_OR_EQUAL: u8 = 2;
pub const UNORDERED: u8 = 3;
const NOT_EQUAL: u8 = 4;
pub const ORDERED: u8 = 7;

// Rounding modes; 8 suppresses the precision exception.
const NEAREST: u8 = 8;
const FLOOR: u8 = 9;
const CEIL: u8 = 10;
pub const TRUNCATE: u8 = 11;

const fn unary(op: Packed) -> Instruction {
    Instruction { op, form: Form::Unary, imm: None }
}

const fn rounded(op: Packed, mode: u8) -> Instruction {
    Instruction { op, form: Form::Unary, imm: Some(mode) }
}

const fn binary(op: Packed) -> Instruction {
    Instruction { op, form: Form::Binary, imm: None }
}

const fn commutative(op: Packed) -> Instruction {
    Instruction { op, form: Form::Commutative, imm: None }
}

const fn exchanged(op: Packed) -> Instruction {
    Instruction { op, form: Form::Exchanged, imm: None }
}

const fn compared(op: Packed, how: u8) -> Instruction {
    Instruction { op, form: Form::Binary, imm: Some(how) }
}

const fn compared_exchanged(op: Packed, how: u8) -> Instruction {
    Instruction { op, form: Form::Exchanged, imm: Some(how) }
}

/// The instruction that does all of an operator's work, if there is one.
pub fn instruction(op: Vector) -> Option<Instruction> {
    Some(match op {
        Vector::I8x16Eq => commutative(PCMPEQB),
        Vector::I16x8Eq => commutative(PCMPEQW),
        Vector::I32x4Eq => commutative(PCMPEQD),
        Vector::I64x2Eq => commutative(PCMPEQQ),
        Vector::I8x16GtS => binary(PCMPGTB),
        Vector::I16x8GtS => binary(PCMPGTW),
        Vector::I32x4GtS => binary(PCMPGTD),
        Vector::I8x16LtS => exchanged(PCMPGTB),
        Vector::I16x8LtS => exchanged(PCMPGTW),
        Vector::I32x4LtS => exchanged(PCMPGTD),
        Vector::F32x4Eq => compared(CMPPS, EQUAL),
        Vector::F32x4Ne => compared(CMPPS, NOT_EQUAL),
        Vector::F32x4Lt => compared(CMPPS, LESS),
        Vector::F32x4Gt => compared_exchanged(CMPPS, LESS),
        Vector::F32x4Le => compared(CMPPS, LESS_OR_EQUAL),
        Vector::F32x4Ge => compared_exchanged(CMPPS, LESS_OR_EQUAL),
        Vector::F64x2Eq => compared(CMPPD, EQUAL),
        Vector::F64x2Ne => compared(CMPPD, NOT_EQUAL),
        Vector::F64x2Lt => compared(CMPPD, LESS),
        Vector::F64x2Gt => compared_exchanged(CMPPD, LESS),
        Vector::F64x2Le => compared(CMPPD, LESS_OR_EQUAL),
        Vector::F64x2Ge => compared_exchanged(CMPPD, LESS_OR_EQUAL),

        Vector::V128And => commutative(PAND),
        Vector::V128Or => commutative(POR),
        Vector::V128Xor => commutative(PXOR),
        // The instruction complements its first operand, the operator its second.
        Vector::V128AndNot if seeded(Bug::AndNotExchanged) => binary(PANDN),
        Vector::V128AndNot => exchanged(PANDN),

        Vector::I8x16Abs => unary(PABSB),
        Vector::I16x8Abs => unary(PABSW),
        Vector::I32x4Abs => unary(PABSD),
        Vector::I8x16Add => commutative(PADDB),
        Vector::I16x8Add => commutative(PADDW),
        Vector::I32x4Add => commutative(PADDD),
        Vector::I64x2Add => commutative(PADDQ),
        Vector::I8x16Sub => binary(PSUBB),
        Vector::I16x8Sub => binary(PSUBW),
        Vector::I32x4Sub => binary(PSUBD),
        Vector::I64x2Sub => binary(PSUBQ),
        Vector::I8x16AddSatS => commutative(PADDSB),
        Vector::I16x8AddSatS => commutative(PADDSW),
        Vector::I8x16AddSatU => commutative(PADDUSB),
        Vector::I16x8AddSatU => commutative(PADDUSW),
        Vector::I8x16SubSatS => binary(PSUBSB),
        Vector::I16x8SubSatS => binary(PSUBSW),
        Vector::I8x16SubSatU => binary(PSUBUSB),
        Vector::I16x8SubSatU => binary(PSUBUSW),
        Vector::I16x8Mul => commutative(PMULLW),
        Vector::I32x4Mul => commutative(PMULLD),
        Vector::I8x16MinS => commutative(PMINSB),
        Vector::I16x8MinS => commutative(PMINSW),
        Vector::I32x4MinS => commutative(PMINSD),
        Vector::I8x16MinU => commutative(PMINUB),
        Vector::I16x8MinU => commutative(PMINUW),
        Vector::I32x4MinU => commutative(PMINUD),
        Vector::I8x16MaxS => commutative(PMAXSB),
        Vector::I16x8MaxS => commutative(PMAXSW),
        Vector::I32x4MaxS => commutative(PMAXSD),
        Vector::I8x16MaxU => commutative(PMAXUB),
        Vector::I16x8MaxU => commutative(PMAXUW),
        Vector::I32x4MaxU => commutative(PMAXUD),
        Vector::I8x16AvgrU => commutative(PAVGB),
        Vector::I16x8AvgrU => commutative(PAVGW),
        Vector::I32x4DotI16x8S => commutative(PMADDWD),
        Vector::I8x16NarrowI16x8S => binary(PACKSSWB),
        Vector::I8x16NarrowI16x8U => binary(PACKUSWB),
        Vector::I16x8NarrowI32x4S => binary(PACKSSDW),
        Vector::I16x8NarrowI32x4U => binary(PACKUSDW),
        Vector::I16x8ExtendLowI8x16S => unary(PMOVSXBW),
        Vector::I16x8ExtendLowI8x16U => unary(PMOVZXBW),
        Vector::I32x4ExtendLowI16x8S => unary(PMOVSXWD),
        Vector::I32x4ExtendLowI16x8U => unary(PMOVZXWD),
        Vector::I64x2ExtendLowI32x4S => unary(PMOVSXDQ),
        Vector::I64x2ExtendLowI32x4U => unary(PMOVZXDQ),

        Vector::F32x4Ceil => rounded(ROUNDPS, CEIL),
        Vector::F32x4Floor => rounded(ROUNDPS, FLOOR),
        Vector::F32x4Trunc => rounded(ROUNDPS, TRUNCATE),
        Vector::F32x4Nearest => rounded(ROUNDPS, NEAREST),
        Vector::F64x2Ceil => rounded(ROUNDPD, CEIL),
        Vector::F64x2Floor => rounded(ROUNDPD, FLOOR),
        Vector::F64x2Trunc => rounded(ROUNDPD, TRUNCATE),
        Vector::F64x2Nearest => rounded(ROUNDPD, NEAREST),
        Vector::F32x4Sqrt => unary(SQRTPS),
        Vector::F64x2Sqrt => unary(SQRTPD),
        // Not commutative: of two NaNs the first operand's payload is the result's.
        Vector::F32x4Add => binary(ADDPS),
        Vector::F64x2Add => binary(ADDPD),
        Vector::F32x4Sub => binary(SUBPS),
        Vector::F64x2Sub => binary(SUBPD),
        Vector::F32x4Mul => binary(MULPS),
        Vector::F64x2Mul => binary(MULPD),
        Vector::F32x4Div => binary(DIVPS),
        Vector::F64x2Div => binary(DIVPD),
        // `b < a ? b : a` and `a < b ? b : a`; the instructions return their second operand when unordered or equal.
        Vector::F32x4PMin => exchanged(MINPS),
        Vector::F64x2PMin => exchanged(MINPD),
        Vector::F32x4PMax => exchanged(MAXPS),
        Vector::F64x2PMax => exchanged(MAXPD),
        Vector::F32x4ConvertI32x4S => unary(CVTDQ2PS),
        Vector::F64x2ConvertLowI32x4S => unary(CVTDQ2PD),
        Vector::F32x4DemoteF64x2Zero => unary(CVTPD2PS),
        Vector::F64x2PromoteLowF32x4 => unary(CVTPS2PD),
        _ => return None,
    })
}
