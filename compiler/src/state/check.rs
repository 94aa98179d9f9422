//! Rebuilds what the state believes from its entries, and compares. A broken invariant panics
//! with its number.

use super::entry::{Kind, NONE};
use super::machine::class_of;
use super::reg::{Reg, RegSet};
use super::{MAX_LOOSE, MAX_OWNERS, State};

/// Entries checked one by one; deeper ones are reached through the registers' chains only, so that
/// checking after every operator stays linear.
const WINDOW: u32 = 64;

impl State {
    /// Checks the invariants of [`super`].
    ///
    /// # Panics
    ///
    /// If one is broken; the message begins with its number.
    pub fn check(&self) {
        let mut chained = 0;
        for reg in RegSet::from_bits(!0).iter() {
            chained += self.check_register(reg);
        }
        let from = self.len.saturating_sub(WINDOW);
        for position in from..self.len {
            let entry = self.entry(position);
            if entry.kind == Kind::Reg {
                let head = self.regs.head[entry.reg.index()];
                assert!(
                    entry.prev() != NONE || head == position,
                    "S1: position {position} is not in the chain of {:?}",
                    entry.reg
                );
            }
            if position < self.watermark {
                self.check_firm(position);
            }
        }
        if from == 0 {
            let named = (0..self.len).filter(|p| self.entry(*p).kind == Kind::Reg).count();
            assert_eq!(named, chained, "S1: an entry names a register that does not know it");
        }
        assert!(self.loose.len() <= MAX_LOOSE, "S5: {} loose positions", self.loose.len());
        for (index, position) in self.loose.iter().enumerate() {
            assert!(!self.loose[..index].contains(position), "S5: position {position} is listed twice");
        }
    }

    fn check_firm(&self, position: u32) {
        let entry = self.entry(position);
        let firm = match entry.kind {
            Kind::Untouched | Kind::Home => true,
            Kind::Const => false,
            Kind::Reg => self.regs.primary[entry.reg.index()] == position,
        };
        assert!(firm || self.loose.contains(&position), "S4: position {position} is neither firm nor listed as loose");
    }

    fn check_register(&self, reg: Reg) -> usize {
        let (head, owners, primary) =
            (self.regs.head[reg.index()], self.regs.owners[reg.index()], self.regs.primary[reg.index()]);
        let allocatable = self.allocatable.contains(reg);
        assert_eq!(self.free.contains(reg), allocatable && owners == 0, "S2: {reg:?}");
        assert!(allocatable || owners == 0, "S2: {reg:?} is reserved");
        let (mut position, mut before, mut count, mut has_primary) = (head, NONE, 0, primary == NONE);
        while position != NONE {
            assert!(position < self.len, "S1: {reg:?} is owned by position {position}, above the stack");
            let entry = self.entry(position);
            assert!(entry.kind == Kind::Reg && entry.reg == reg, "S1: position {position} is not in {reg:?}");
            assert_eq!(entry.prev(), before, "S1: the chain of {reg:?} is broken at {position}");
            assert_eq!(class_of(entry.ty), reg.class(), "S6: position {position} in {reg:?}");
            has_primary |= position == primary;
            before = position;
            position = entry.next();
            count += 1;
            assert!(count <= MAX_OWNERS, "S1: {reg:?} has too many owners");
        }
        assert_eq!(count, owners, "S1: the owners of {reg:?} are miscounted");
        assert!(has_primary, "S3: the primary of {reg:?} does not own it");
        assert!(primary != NONE || !self.regs.clean.contains(reg), "S7: {reg:?} is clean and has no primary");
        count as usize
    }
}
