//! The assembler: the code buffer, the tables beside it, and the moves between registers and slots.

use super::buffer::CodeBuffer;
use super::encode::{Arithmetic, Opcode};
use super::jumps::{Fixups, Jumps};
use super::layout::{LINE, Layout, Records};
use super::pool::{Constant, Pool};
use super::slot_use::SlotUse;
use crate::code::{CallSite, Code, SignatureUse, TrapSite};
use crate::microwasm::Type;
use crate::seeded::{Bug, seeded};
use crate::state::reg::{Gpr, Reg, RegClass, Xmm};
use crate::state::{Location, Machine, Place, Slot, Value};
use crate::trap::TrapKind;
use crate::work::Work;
use dynasmrt::{DynasmApi, dynasm};

/// A general-purpose register that never holds a value beyond one instruction sequence.
pub const SCRATCH: Gpr = Gpr::R11;
/// A vector register that never holds a value beyond one instruction sequence.
pub const FLOAT_SCRATCH: Xmm = Xmm(15);

/// `movss` to a register.
const LOAD_SINGLE: Opcode = Opcode::escape(0x10).prefix(0xf3);
/// `movsd` to a register.
const LOAD_DOUBLE: Opcode = Opcode::escape(0x10).prefix(0xf2);
/// `movsd` to memory.
const STORE_DOUBLE: Opcode = Opcode::escape(0x11).prefix(0xf2);
const LOAD_VECTOR: Opcode = Opcode::escape(0x10);
const STORE_VECTOR: Opcode = Opcode::escape(0x11);

/// A trap's out-of-line stub that is still to be emitted.
#[derive(Debug, Clone, Copy)]
pub(super) struct PendingTrap {
    pub(super) jump: Fixups,
    kind: TrapKind,
    wasm_offset: u32,
}

/// Emits instructions and records what explains them.
#[derive(Debug, Default)]
pub struct Assembler {
    /// The code.
    pub buf: CodeBuffer,
    /// The tables (without the bytes).
    pub code: Code,
    /// The Wasm offset of the operator at work.
    pub wasm_offset: u32,
    /// Bytes that the stack pointer is below its place in the body, while arguments are pushed.
    pub pushed: u32,
    /// Displacement fields of incoming stack arguments, which await the frame's size.
    pub(super) incoming: Vec<u32>,
    pub(super) traps: Vec<PendingTrap>,
    pub(super) jumps: Jumps,
    pub(super) layout: Layout,
    pub(super) slot_use: SlotUse,
    pub(super) pool: Pool,
    /// Whether float constants of the function at work come from memory.
    pub pooled: bool,
    /// The records before those of the function at work.
    pub(super) before: Records,
    /// What is counted where it happens: moves, and the bytes and records of complete functions.
    pub(super) work: Work,
}

/// Writes an instruction with a memory operand `[base + disp]`, the short form where it fits.
macro_rules! with_disp {
    ($buf:expr, $disp:expr, $short:ident => $short_asm:expr, $long:ident => $long_asm:expr) => {{
        let disp: i32 = $disp;
        match i8::try_from(disp) {
            Ok($short) => $short_asm,
            Err(_) => {
                let $long = disp;
                $long_asm
            }
        }
    }};
}

impl Assembler {
    /// Starts a function's code. Returns where it may start; here, at the next line, is where it starts if it has loops
    /// that may be moved.
    pub fn begin_function(&mut self) -> u32 {
        self.buf.align(16, 0xcc);
        let start = self.buf.position();
        self.buf.align(LINE as usize, 0xcc);
        self.pushed = 0;
        self.incoming.clear();
        self.jumps.clear();
        self.slot_use.clear();
        self.before = Records::so_far(self);
        start
    }

    /// Gives back what only functions at work need.
    pub fn release(&mut self) {
        self.incoming = Vec::new();
        self.traps = Vec::new();
        (self.jumps, self.layout, self.slot_use) = Default::default();
        self.pool.release();
    }

    /// Forgets all code: there is too much of it for any to be used.
    pub fn discard(&mut self) {
        self.buf.truncate(0);
        self.code = Code::default();
    }

    /// The work so far, with the tables' growth.
    pub(super) fn work(&self) -> Work {
        let mut work = self.work;
        let (growths, copied) = self.buf.growths_and_copied();
        work.allocations += growths;
        work.bytes_copied += copied;
        work.add_growing(&self.code.functions);
        // Each function's type is kept while it is at work.
        work.allocations += 2 * self.code.functions.len() as u64;
        work.add_growing(&self.code.traps);
        work.add_growing(&self.code.calls);
        work.add_growing(&self.code.signatures);
        work.add_growing(&self.code.tables);
        work
    }

    /// Records that the instruction that comes next may fault, and what that means.
    pub fn may_trap(&mut self, kind: TrapKind) {
        let offset = self.buf.position();
        self.code.traps.push(TrapSite { offset, wasm_offset: self.wasm_offset, kind });
    }

    /// A trap here and now.
    pub fn trap(&mut self, kind: TrapKind) {
        self.may_trap(kind);
        dynasm!(self.buf ; .arch x64 ; ud2);
    }

    /// A jump to an out-of-line trap when the condition code holds.
    pub fn trap_if(&mut self, cc: u8, kind: TrapKind) {
        let mut jump = Fixups::NONE;
        self.jcc(cc, &mut jump);
        self.traps.push(PendingTrap { jump, kind, wasm_offset: self.wasm_offset });
    }

    /// Emits the out-of-line traps of the function.
    pub fn emit_traps(&mut self) {
        self.work.state_operations += self.traps.len() as u64;
        for index in 0..self.traps.len() {
            let PendingTrap { jump, kind, wasm_offset } = self.traps[index];
            self.bind(jump);
            self.wasm_offset = wasm_offset;
            self.trap(kind);
        }
        self.traps.clear();
    }

    /// Records that the call instruction just emitted belongs to the operator at work.
    pub fn call_returns(&mut self) {
        let return_offset = self.buf.position();
        let (wasm_offset, pushed_bytes) = (self.wasm_offset, self.pushed);
        let wasm_offset = wasm_offset + u32::from(seeded(Bug::CallPlaceNext));
        self.code.calls.push(CallSite { return_offset, wasm_offset, pushed_bytes });
    }

    /// Records that the 32-bit field at the end must hold a signature's number.
    pub fn signature_field(&mut self, type_index: u32) {
        let offset = self.buf.position() - 4;
        self.code.signatures.push(SignatureUse { offset, type_index });
    }

    /// The displacement of a frame slot from the stack pointer. For an incoming argument the field
    /// is completed by [`Assembler::patch_incoming`]; `None` then, as it needs the long form.
    fn frame_disp(&self, slot: Slot) -> Option<i32> {
        match slot {
            Slot::Frame(word) | Slot::WideFrame(word) => Some((word * 8 + self.pushed) as i32),
            Slot::Incoming(_) | Slot::WideIncoming(_) => None,
        }
    }

    /// The displacement from the stack pointer of a vector that is in its home slot, if it is aligned there.
    pub(super) fn aligned_frame_disp(&mut self, value: Value) -> Option<i32> {
        match (value.location, value.home) {
            (Location::Home, slot @ Slot::WideFrame(_)) => {
                self.slot_use.load(slot);
                self.frame_disp(slot)
            }
            _ => None,
        }
    }

    /// After an instruction whose last four bytes are the displacement of an incoming argument.
    fn incoming_field(&mut self) {
        self.incoming.push(self.buf.position() - 4);
    }

    /// Adds the frame's size to the displacements of incoming arguments, once it is known.
    pub fn patch_incoming(&mut self, frame_bytes: u32) {
        for index in 0..self.incoming.len() {
            let at = self.incoming[index];
            let disp = self.buf.read_u32(at) + frame_bytes;
            self.buf.patch(at, &disp.to_le_bytes());
        }
    }

    fn incoming_disp(&self, slot: Slot) -> i32 {
        let (Slot::Incoming(word) | Slot::WideIncoming(word)) = slot else {
            unreachable!("only incoming arguments lack a displacement")
        };
        (word * 8 + 8 + self.pushed) as i32
    }

    /// `mov` of a 64-bit register from `[base + disp]`.
    pub fn load_ptr(&mut self, dst: Gpr, base: Gpr, disp: i32) {
        self.buf.reg_mem(Opcode::new(0x8b).wide(true), dst.0, base, disp);
    }

    /// `mov` of a 64-bit register to `[base + disp]`.
    pub fn store_ptr(&mut self, base: Gpr, disp: i32, src: Gpr) {
        self.buf.reg_mem(Opcode::new(0x89).wide(true), src.0, base, disp);
    }

    /// Loads the low 64 bits of a register from `[base + disp]`.
    pub fn load_reg(&mut self, dst: Reg, base: Gpr, disp: i32) {
        match dst.class() {
            RegClass::Int => self.load_ptr(dst.gpr(), base, disp),
            RegClass::Float => self.buf.reg_mem(LOAD_DOUBLE, dst.xmm().0, base, disp),
        }
    }

    /// Stores the low 64 bits of a register to `[base + disp]`.
    pub fn store_reg(&mut self, base: Gpr, disp: i32, src: Reg) {
        match src.class() {
            RegClass::Int => self.store_ptr(base, disp, src.gpr()),
            RegClass::Float => self.buf.reg_mem(STORE_DOUBLE, src.xmm().0, base, disp),
        }
    }

    /// Loads all of a vector register from `[base + disp]`.
    pub fn load_vector(&mut self, dst: Xmm, base: Gpr, disp: i32) {
        self.buf.reg_mem(LOAD_VECTOR, dst.0, base, disp);
    }

    /// Stores all of a vector register to `[base + disp]`.
    pub fn store_vector(&mut self, base: Gpr, disp: i32, src: Xmm) {
        self.buf.reg_mem(STORE_VECTOR, src.0, base, disp);
    }

    /// Loads a value of a type from `[base + disp]`.
    pub fn load_value(&mut self, ty: Type, dst: Reg, base: Gpr, disp: i32) {
        match ty {
            Type::V128 => self.load_vector(dst.xmm(), base, disp),
            _ => self.load_reg(dst, base, disp),
        }
    }

    /// Stores a value of a type to `[base + disp]`.
    pub fn store_value(&mut self, ty: Type, base: Gpr, disp: i32, src: Reg) {
        match ty {
            Type::V128 => self.store_vector(base, disp, src.xmm()),
            _ => self.store_reg(base, disp, src),
        }
    }

    /// Sets a general-purpose register to a constant, by the shortest instruction. Changes the flags.
    pub fn set_gpr(&mut self, dst: Gpr, bits: u64) {
        let buf = &mut self.buf;
        if bits == 0 {
            buf.arithmetic(Arithmetic::Xor, false, dst, dst);
        } else if let Ok(value) = u32::try_from(bits) {
            buf.mov_imm32(dst, value);
        } else if let Ok(value) = i32::try_from(bits as i64) {
            dynasm!(buf ; .arch x64 ; mov Rq(dst.0), value);
        } else {
            dynasm!(buf ; .arch x64 ; mov Rq(dst.0), QWORD bits as i64);
        }
    }
}

impl Machine for Assembler {
    fn mov(&mut self, dst: Reg, src: Reg) {
        self.work.moves += 1;
        match dst.class() {
            RegClass::Int => self.buf.mov(dst.gpr(), src.gpr()),
            RegClass::Float => self.buf.reg_reg(Opcode::escape(0x28), dst.xmm().0, src.xmm().0),
        }
    }

    fn load(&mut self, dst: Reg, src: Slot) {
        self.work.moves += 1;
        let wide = src.halves().is_some();
        if let Some(disp) = self.frame_disp(src) {
            self.slot_use.load(src);
            return match dst.class() {
                RegClass::Int => self.buf.reg_frame(0x8b, dst.gpr(), disp),
                RegClass::Float if wide => self.load_vector(dst.xmm(), Gpr::RSP, disp),
                RegClass::Float => self.buf.reg_mem(LOAD_DOUBLE, dst.xmm().0, Gpr::RSP, disp),
            };
        }
        let disp = self.incoming_disp(src);
        match dst.class() {
            RegClass::Float if wide => dynasm!(self.buf ; .arch x64 ; movups Rx(dst.xmm().0), [DWORD rsp + disp]),
            RegClass::Int => dynasm!(self.buf ; .arch x64 ; mov Rq(dst.gpr().0), [DWORD rsp + disp]),
            RegClass::Float => dynasm!(self.buf ; .arch x64 ; movsd Rx(dst.xmm().0), [DWORD rsp + disp]),
        }
        self.incoming_field();
    }

    fn store(&mut self, dst: Slot, src: Reg) {
        self.work.moves += 1;
        let wide = dst.halves().is_some();
        if let Some(disp) = self.frame_disp(dst) {
            let start = self.buf.position();
            match src.class() {
                RegClass::Int => self.buf.reg_frame(0x89, src.gpr(), disp),
                RegClass::Float if wide && !seeded(Bug::VectorStoredHalf) => {
                    self.store_vector(Gpr::RSP, disp, src.xmm());
                }
                RegClass::Float => self.buf.reg_mem(STORE_DOUBLE, src.xmm().0, Gpr::RSP, disp),
            }
            return self.slot_use.store(dst, start, self.buf.position());
        }
        let disp = self.incoming_disp(dst);
        match src.class() {
            RegClass::Float if wide => dynasm!(self.buf ; .arch x64 ; movups [DWORD rsp + disp], Rx(src.xmm().0)),
            RegClass::Int => dynasm!(self.buf ; .arch x64 ; mov [DWORD rsp + disp], Rq(src.gpr().0)),
            RegClass::Float => dynasm!(self.buf ; .arch x64 ; movsd [DWORD rsp + disp], Rx(src.xmm().0)),
        }
        self.incoming_field();
    }

    fn copy(&mut self, dst: Slot, src: Slot) {
        if let (Some(to), Some(from)) = (dst.halves(), src.halves()) {
            // Not through the vector scratch register, where a value may be parked.
            return to.into_iter().zip(from).for_each(|(to, from)| self.copy(to, from));
        }
        self.load(SCRATCH.into(), src);
        self.store(dst, SCRATCH.into());
    }

    fn constant(&mut self, dst: Reg, bits: u64) {
        self.work.moves += 1;
        match dst.class() {
            RegClass::Int => self.set_gpr(dst.gpr(), bits),
            RegClass::Float if bits == 0 => {
                let dst = dst.xmm().0;
                self.buf.reg_reg(Opcode::escape(0x57), dst, dst);
            }
            RegClass::Float if self.pooled => match u32::try_from(bits) {
                Ok(bits) => self.with_constant(LOAD_SINGLE, dst.xmm(), Constant::Single(bits)),
                Err(_) => self.with_constant(LOAD_DOUBLE, dst.xmm(), Constant::Double(bits)),
            },
            RegClass::Float => {
                self.set_gpr(SCRATCH, bits);
                dynasm!(self.buf ; .arch x64 ; movq Rx(dst.xmm().0), Rq(SCRATCH.0));
            }
        }
    }

    fn store_constant(&mut self, dst: Slot, bits: u64) {
        if let Some([low, high]) = dst.halves() {
            self.store_constant(low, bits);
            return self.store_constant(high, 0);
        }
        self.work.moves += 1;
        match (i32::try_from(bits as i64), self.frame_disp(dst)) {
            (Ok(value), Some(disp)) => {
                let start = self.buf.position();
                let buf = &mut self.buf;
                with_disp!(buf, disp,
                    short => dynasm!(buf ; .arch x64 ; mov QWORD [BYTE rsp + short], value),
                    long => dynasm!(buf ; .arch x64 ; mov QWORD [DWORD rsp + long], value));
                self.slot_use.store(dst, start, self.buf.position());
            }
            _ => {
                self.set_gpr(SCRATCH, bits);
                self.store(dst, SCRATCH.into());
            }
        }
    }

    fn park(&mut self, src: Place, copies: bool) {
        match src {
            Place::Reg(reg) if reg.class() == RegClass::Float => self.mov(FLOAT_SCRATCH.into(), reg),
            Place::Reg(reg) if !copies => self.mov(SCRATCH.into(), reg),
            Place::Reg(reg) => dynasm!(self.buf ; .arch x64 ; movq Rx(FLOAT_SCRATCH.0), Rq(reg.gpr().0)),
            Place::Slot(slot) => self.load(FLOAT_SCRATCH.into(), slot),
        }
    }

    fn unpark(&mut self, dst: Place, src: Place, copies: bool) {
        let in_scratch = !copies && matches!(src, Place::Reg(reg) if reg.class() == RegClass::Int);
        match dst {
            Place::Reg(reg) if in_scratch => self.mov(reg, SCRATCH.into()),
            Place::Slot(slot) if in_scratch => self.store(slot, SCRATCH.into()),
            Place::Reg(reg) if reg.class() == RegClass::Float => self.mov(reg, FLOAT_SCRATCH.into()),
            Place::Reg(reg) => dynasm!(self.buf ; .arch x64 ; movq Rq(reg.gpr().0), Rx(FLOAT_SCRATCH.0)),
            Place::Slot(slot) => self.store(slot, FLOAT_SCRATCH.into()),
        }
    }
}
