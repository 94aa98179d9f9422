//! Constants in memory. They stand behind the code of the module's last function, each once; instructions address them
//! relative to themselves.

use super::asm::Assembler;
use super::encode::Opcode;
use super::modrm::Rm;
use super::packed::Packed;
use crate::seeded::{Bug, seeded};
use crate::state::reg::Xmm;
use crate::work::Work;
use std::collections::HashMap;

/// A constant and how many bytes of it there are in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Constant {
    /// 4 bytes.
    Single(u32),
    /// 8 bytes.
    Double(u64),
    /// 16 bytes.
    Vector(u128),
}

/// The end of a chain of uses.
const NO_USE: u32 = u32::MAX;

/// An instruction that reads a constant.
#[derive(Debug, Clone, Copy)]
pub struct ConstantUse {
    /// Where the distance is to be written. The instruction ends behind it.
    pub(super) field: u32,
    constant: u32,
}

#[cfg(feature = "parallel")]
impl ConstantUse {
    /// The same at another place, where constants have these numbers.
    pub(super) fn moved(self, field: u32, numbers: &[u32]) -> ConstantUse {
        ConstantUse { field, constant: numbers[self.constant as usize] }
    }
}

/// The constants of a module.
#[derive(Debug, Default)]
pub struct Pool {
    constants: Vec<Constant>,
    numbers: HashMap<Constant, u32>,
    /// By constant: the last use in the functions that are complete. Its field names the one before.
    last_uses: Vec<u32>,
    /// How many uses those are.
    uses: u64,
}

impl Pool {
    fn number(&mut self, constant: Constant) -> u32 {
        let next = self.constants.len() as u32;
        *self.numbers.entry(constant).or_insert_with(|| {
            self.constants.push(constant);
            self.last_uses.push(NO_USE);
            next
        })
    }

    #[cfg(feature = "parallel")]
    /// Forgets all constants, and no uses: there are none of complete functions.
    pub(super) fn clear(&mut self) {
        self.constants.clear();
        self.numbers.clear();
        self.last_uses.clear();
    }

    /// Gives back what only functions at work need.
    pub(super) fn release(&mut self) {
        self.numbers = HashMap::new();
    }

    /// Each constant and each use is dealt with once when the module is complete.
    pub(super) fn add_work(&self, work: &mut Work) {
        work.state_operations += self.constants.len() as u64 + self.uses;
        work.add_table(&self.constants);
        work.add_table(&self.last_uses);
    }
}

impl Assembler {
    /// An instruction with a vector register and a constant in memory as operands.
    pub fn with_constant(&mut self, op: Opcode, reg: Xmm, constant: Constant) {
        self.buf.reg_rip(op, reg.0);
        self.use_constant(constant);
    }

    /// An instruction with three operands, the last a constant in memory.
    pub fn vex_with_constant(&mut self, op: Packed, dst: Xmm, left: Xmm, constant: Constant) {
        self.buf.vex(op, dst.0, left.0, Rm::Constant);
        self.use_constant(constant);
    }

    /// The field of the instruction just emitted becomes the distance to this constant.
    pub(super) fn use_constant(&mut self, constant: Constant) {
        let constant = self.pool.number(constant);
        self.jumps.constants.push(ConstantUse { field: self.buf.position(), constant });
        self.buf.push_word(0, 4);
    }

    #[cfg(feature = "parallel")]
    /// The numbers here of constants that have other numbers in another pool, by those.
    pub(super) fn adopt_constants(&mut self, other: &Pool) -> Vec<u32> {
        other.constants.iter().map(|constant| self.pool.number(*constant)).collect()
    }

    /// Keeps the uses of a function that is complete and in its place.
    pub(super) fn chain_constants(&mut self) {
        self.pool.uses += self.jumps.constants.len() as u64;
        for ConstantUse { field, constant } in self.jumps.constants.drain(..) {
            let before = std::mem::replace(&mut self.pool.last_uses[constant as usize], field);
            self.buf.patch(field, &before.to_le_bytes());
        }
    }

    /// Emits the constants and lets the instructions that use them find them.
    pub fn emit_pool(&mut self) {
        if self.pool.uses == 0 {
            return;
        }
        self.pool.add_work(&mut self.work);
        let pool = std::mem::take(&mut self.pool);
        let mut places = vec![0; pool.constants.len()];
        // The large ones first, so that each is aligned.
        while !self.buf.position().is_multiple_of(16) {
            self.buf.push_word(0xcc, 1);
        }
        let start = self.buf.position();
        for size in [16, 8, 4] {
            for (place, constant) in places.iter_mut().zip(&pool.constants) {
                let (low, high, bytes) = match *constant {
                    Constant::Single(bits) => (u64::from(bits), 0, 4),
                    Constant::Double(bits) => (bits, 0, 8),
                    Constant::Vector(bits) => (bits as u64, (bits >> 64) as u64, 16),
                };
                if bytes == size {
                    *place = self.buf.position();
                    self.buf.push_word(low, size.min(8));
                    if size == 16 {
                        self.buf.push_word(high, 8);
                    }
                }
            }
        }
        self.work.bytes_emitted += u64::from(self.buf.position() - start);
        for (constant, mut field) in pool.last_uses.into_iter().enumerate() {
            let wrong = seeded(Bug::LastConstantForAll) && constant > 0 && constant + 1 == places.len();
            let place = places[constant - usize::from(wrong)];
            while field != NO_USE {
                let before = self.buf.read_u32(field);
                self.buf.patch(field, &place.wrapping_sub(field + 4).to_le_bytes());
                field = before;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instruction_finds_its_constant() {
        let mut asm = Assembler::default();
        asm.begin_function();
        let load = Opcode::escape(0x10).prefix(0xf2);
        let wanted = [
            Constant::Double(3),
            Constant::Single(7),
            Constant::Vector(11),
            Constant::Double(3),
            Constant::Double(5),
            Constant::Single(3),
        ];
        for constant in wanted {
            asm.with_constant(load, Xmm(9), constant);
        }
        asm.lay_out(0, 0, || true);
        let fields: Vec<u32> = asm.jumps.constants.iter().map(|used| used.field).collect();
        asm.chain_constants();
        asm.emit_pool();
        for (field, constant) in fields.into_iter().zip(wanted) {
            let place = field + 4 + asm.buf.read_u32(field);
            let (bits, size) = match constant {
                Constant::Single(bits) => (bits, 4),
                Constant::Double(bits) => (bits as u32, 8),
                Constant::Vector(bits) => (bits as u32, 16),
            };
            assert_eq!((asm.buf.read_u32(place), place % size), (bits, 0));
        }
        assert_eq!(asm.buf.position(), 6 * 9 + 10 + 16 + 2 * 8 + 2 * 4);
    }
}
