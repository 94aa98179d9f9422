//! Constants in memory. They stand behind the code of the module's last function; instructions address them relative to
//! themselves. One that is used again is the same one, as long as the pool remembers it.

use super::asm::Assembler;
use super::encode::Opcode;
use super::modrm::Rm;
use super::packed::Packed;
use crate::seeded::{Bug, seeded};
use crate::state::reg::Xmm;
use crate::work::Work;

/// How many constants are remembered, each in the one place that its bits give it: what comes there later replaces it. So
/// the table outgrows no cache, however many there are, and a constant has the same number whether one pool saw all its
/// uses or one for each batch of functions. Real modules have at most 0.02 % more code for it.
const REMEMBERED: usize = 1 << 12;

/// A constant and how many bytes of it there are in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constant {
    /// 4 bytes.
    Single(u32),
    /// 8 bytes.
    Double(u64),
    /// 16 bytes.
    Vector(u128),
}

impl Constant {
    /// Where it is remembered, by Fibonacci hashing (Knuth, The Art of Computer Programming, volume 3, 6.4).
    fn place(self) -> usize {
        let key = match self {
            Constant::Single(bits) => u64::from(bits),
            Constant::Double(bits) => bits,
            Constant::Vector(bits) => (bits as u64).wrapping_add(((bits >> 64) as u64).wrapping_mul(3)),
        };
        (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - REMEMBERED.ilog2())) as usize
    }
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
    /// The numbers of constants that are remembered, each at its [`Constant::place`]; any number where there is none.
    /// Empty before the first constant.
    remembered: Vec<u32>,
    /// By constant: the last use in the functions that are complete. Its field names the one before.
    last_uses: Vec<u32>,
    /// How many uses those are.
    uses: u64,
}

impl Pool {
    fn number(&mut self, constant: Constant) -> u32 {
        if self.remembered.is_empty() {
            self.remembered.resize(REMEMBERED, 0);
        }
        let number = &mut self.remembered[constant.place()];
        let known = self.constants.get(*number as usize);
        if known != Some(&constant) && !(known.is_some() && seeded(Bug::ConstantByPlace)) {
            *number = self.constants.len() as u32;
            self.constants.push(constant);
            self.last_uses.push(NO_USE);
        }
        *number
    }

    #[cfg(feature = "parallel")]
    /// Forgets all constants, and no uses: there are none of complete functions.
    pub(super) fn clear(&mut self) {
        self.constants.clear();
        self.last_uses.clear();
    }

    /// Gives back what only functions at work need.
    pub(super) fn release(&mut self) {
        self.remembered = Vec::new();
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

    /// Constants that are used now and then, twice as many as are remembered.
    const DISTINCT: usize = 2 * REMEMBERED;

    /// Uses of them, the most of a few.
    fn uses() -> impl Iterator<Item = Constant> {
        let numbers = (0..10 * DISTINCT).map(|index| if index % 4 == 0 { index / 4 % DISTINCT } else { index % 16 });
        numbers.map(|number| match number % 3 {
            0 => Constant::Single(number as u32),
            1 => Constant::Double((number as u64) << 40),
            _ => Constant::Vector((number as u128 * 0x1_0000_0001) << 17),
        })
    }

    #[test]
    fn a_constant_that_is_forgotten_comes_again() {
        let mut pool = Pool::default();
        for constant in uses() {
            let number = pool.number(constant);
            assert_eq!(pool.constants[number as usize], constant);
            assert_eq!(pool.number(constant), number, "what was just used is remembered");
        }
        assert!(pool.constants.len() > DISTINCT, "some were forgotten");
        assert!(pool.constants.len() < 3 * DISTINCT, "what is used often was not");
    }

    #[test]
    #[cfg(feature = "parallel")]
    fn constants_of_functions_apart_have_the_numbers_that_they_have_together() {
        let (mut together, mut apart, mut whole) = (Pool::default(), Pool::default(), Assembler::default());
        let constants: Vec<Constant> = uses().collect();
        for function in constants.chunks(777) {
            let wanted: Vec<u32> = function.iter().map(|constant| together.number(*constant)).collect();
            apart.clear();
            let used: Vec<u32> = function.iter().map(|constant| apart.number(*constant)).collect();
            let numbers = whole.adopt_constants(&apart);
            let found: Vec<u32> = used.into_iter().map(|number| numbers[number as usize]).collect();
            assert_eq!(found, wanted);
        }
        assert_eq!(whole.pool.constants, together.constants);
    }
}
