//! Updates of memory in place: one instruction loads, computes and stores.

use super::address::Address;
use super::encode::{Arithmetic, Opcode};
use super::int::Alu;
use super::lookback::Loaded;
use super::operand::Rhs;
use super::rewrites::Rewrite;
use super::{Emitter, Pending};
use crate::microwasm::{Load, MemArg, Store};
use crate::seeded::{Bug, seeded};
use crate::state::Location;

/// How many bytes an update changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Width {
    Byte,
    Half,
    Word { wide: bool },
}

impl Width {
    /// Of a load and a store of as many bytes. What the load does with the bits above does not matter.
    fn of(load: Load, store: Store) -> Option<Width> {
        match (load, store) {
            (
                Load::I32Load8U | Load::I32Load8S | Load::I64Load8U | Load::I64Load8S,
                Store::I32Store8 | Store::I64Store8,
            ) => Some(Width::Byte),
            (
                Load::I32Load16U | Load::I32Load16S | Load::I64Load16U | Load::I64Load16S,
                Store::I32Store16 | Store::I64Store16,
            ) => Some(Width::Half),
            (Load::I32Load | Load::I64Load32U | Load::I64Load32S, Store::I32Store | Store::I64Store32) => {
                Some(Width::Word { wide: false })
            }
            (Load::I64Load, Store::I64Store) => Some(Width::Word { wide: true }),
            _ => None,
        }
    }
}

impl Emitter {
    /// A store of what the pending operator makes of a value that the last instruction loaded from the same address.
    /// Says whether it was one; nothing has happened if not.
    pub(super) fn update(&mut self, store: Store, arg: MemArg) -> bool {
        let Pending::Binary(binary) = self.pending else { return false };
        let Some(op) = Alu::of(binary).and_then(Alu::arithmetic) else { return false };
        let (loaded, on_right) = match (self.load_at(1), self.load_at(0)) {
            (Some(loaded), _) => (loaded, false),
            (None, Some(loaded)) if op != Arithmetic::Sub => (loaded, true),
            _ => return false,
        };
        let Some(width) = Width::of(loaded.op, store) else { return false };
        if !self.is_address_of(loaded, 2, arg) || !self.may(Rewrite::Update) {
            return false;
        }
        self.pending = Pending::None;
        self.take_back();
        let b = self.state.pop();
        let a = self.state.pop();
        self.state.drop(1);
        let other = self.rhs_of(if on_right { a } else { b });
        self.may_trap_as(loaded);
        self.update_memory(op, width, loaded.address, other);
        true
    }

    /// Whether the address of this load is the one of an access whose operand is so deep on the stack.
    fn is_address_of(&self, loaded: Loaded, depth: u32, arg: MemArg) -> bool {
        let Some(position) = self.state.len().checked_sub(depth + 1) else { return false };
        match (loaded.address, self.state.entry(position).location()) {
            (Address::Indexed(index, disp), Location::Reg(reg)) => {
                reg == index.into()
                    && (u64::try_from(disp) == Ok(arg.offset) || seeded(Bug::UpdateElsewhere) && arg.offset < 64)
            }
            (Address::Fixed(disp), Location::Const(bits)) => u64::try_from(disp) == Ok(bits + arg.offset),
            _ => false,
        }
    }

    fn update_memory(&mut self, op: Arithmetic, width: Width, address: Address, other: Rhs) {
        let memory = self.operand_at(address);
        let buf = &mut self.asm.buf;
        let code = (op as u8) << 3;
        match (width, other) {
            (Width::Byte, Rhs::Reg(reg)) => buf.reg_rm(Opcode::new(code).byte(), reg.0, memory),
            (Width::Half, Rhs::Reg(reg)) => buf.reg_rm(Opcode::new(code | 1).prefix(0x66), reg.0, memory),
            (Width::Word { wide }, Rhs::Reg(reg)) => buf.reg_rm(Opcode::new(code | 1).wide(wide), reg.0, memory),
            (Width::Byte, Rhs::Imm(imm)) => {
                buf.reg_rm(Opcode::new(0x80), op as u8, memory);
                buf.push_word(u64::from(imm as u8), 1);
            }
            (Width::Half, Rhs::Imm(imm)) => {
                buf.memory_imm(op, Opcode::new(0).prefix(0x66), memory, (imm as i16).into(), 2)
            }
            (Width::Word { wide }, Rhs::Imm(imm)) => buf.memory_imm(op, Opcode::new(0).wide(wide), memory, imm, 4),
        }
    }
}
