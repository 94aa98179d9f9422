//! Which words of the frame are loaded, and where words are stored to: a store to what nothing in the function loads is
//! dead, and [`layout`] leaves it out.
//!
//! Home slots are loaded and stored by [`Machine`] alone, and their addresses go nowhere: so all uses are seen.
//!
//! [`layout`]: super::layout
//! [`Machine`]: crate::state::Machine

use crate::code::Growing;
use crate::seeded::{Bug, seeded};
use crate::state::Slot;

/// An instruction that does nothing but store to the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SlotStore {
    start: u32,
    /// The word, or the first of two; whether it is two; how many bytes the instruction has. In one number, so that what
    /// is recorded of each store is a word.
    rest: u32,
}

const LENGTH_BITS: u32 = 4;
/// Stores to words beyond, of frames of a gigabyte, are not recorded: those words count as loaded.
const MAX_WORD: u32 = 1 << (31 - LENGTH_BITS);

impl SlotStore {
    /// Where the instruction starts.
    pub(super) fn start(self) -> u32 {
        self.start
    }

    /// Where it ends.
    pub(super) fn end(self) -> u32 {
        self.start + (self.rest & ((1 << LENGTH_BITS) - 1))
    }

    fn word(self) -> u32 {
        self.rest >> (LENGTH_BITS + 1)
    }

    fn is_wide(self) -> bool {
        self.rest >> LENGTH_BITS & 1 != 0
    }
}

/// The uses of the frame's words in the function at work.
#[derive(Debug, Default)]
pub(super) struct SlotUse {
    /// By ascending position.
    stores: Growing<SlotStore>,
    /// A bit for each word: whether it is loaded. What is beyond the last is not.
    loaded: Vec<u64>,
}

impl SlotUse {
    pub(super) fn clear(&mut self) {
        self.stores.clear();
        self.loaded.clear();
    }

    /// This slot is loaded.
    #[inline]
    pub(super) fn load(&mut self, slot: Slot) {
        match slot {
            Slot::Frame(word) => self.load_word(word),
            Slot::WideFrame(word) => {
                self.load_word(word);
                self.load_word(word + 1);
            }
            Slot::Incoming(_) | Slot::WideIncoming(_) => {}
        }
    }

    #[inline]
    fn load_word(&mut self, word: u32) {
        let (index, bit) = ((word / 64) as usize, 1 << (word % 64));
        match self.loaded.get_mut(index) {
            Some(bits) => *bits |= bit,
            None => self.load_first(index, bit),
        }
    }

    #[cold]
    fn load_first(&mut self, index: usize, bit: u64) {
        self.loaded.resize(index, 0);
        self.loaded.push(bit);
    }

    /// The instruction between these positions stores to this slot.
    #[inline(always)]
    pub(super) fn store(&mut self, slot: Slot, start: u32, end: u32) {
        let (word, wide) = match slot {
            Slot::Frame(word) => (word, false),
            Slot::WideFrame(word) => (word, true),
            // Never dead: they are the caller's, and few.
            Slot::Incoming(_) | Slot::WideIncoming(_) => return,
        };
        if word < MAX_WORD {
            let rest = (word << 1 | u32::from(wide)) << LENGTH_BITS | (end - start);
            self.stores.push(SlotStore { start, rest });
        } else {
            self.load(slot);
        }
    }

    fn is_word_loaded(&self, word: u32) -> bool {
        self.loaded.get((word / 64) as usize).is_some_and(|bits| bits >> (word % 64) & 1 != 0)
    }

    /// Whether anything loads the slot.
    pub(super) fn is_loaded(&self, slot: Slot) -> bool {
        match slot {
            Slot::Frame(word) => self.is_word_loaded(word),
            Slot::WideFrame(word) => self.is_word_loaded(word) || self.is_word_loaded(word + 1),
            Slot::Incoming(_) | Slot::WideIncoming(_) => true,
        }
    }

    /// How many words there are up to the last that is loaded.
    pub(super) fn loaded_words(&self) -> u32 {
        match self.loaded.last() {
            Some(bits) => 64 * self.loaded.len() as u32 - bits.leading_zeros(),
            None => 0,
        }
    }

    /// How many stores there are.
    pub(super) fn count(&self) -> usize {
        self.stores.len()
    }

    /// Only the dead stores are kept. Says whether there are any.
    pub(super) fn keep_dead(&mut self) -> bool {
        let mut stores = std::mem::take(&mut self.stores);
        let first_word = u32::from(seeded(Bug::DeadStoreBeside));
        stores.retain(|store| {
            let (word, wide) = (store.word(), store.is_wide());
            !self.is_loaded(if wide { Slot::WideFrame(word) } else { Slot::Frame(word + first_word) })
        });
        self.stores = stores;
        !self.stores.is_empty()
    }

    /// The stores after the first so many are not of interest.
    pub(super) fn truncate(&mut self, count: usize) {
        self.stores.truncate(count);
    }

    /// The stores, by ascending position.
    pub(super) fn stores(&self) -> &[SlotStore] {
        &self.stores
    }

    /// What stands from `middle` on, up to `end`, has come before what stands from `start` to `middle`.
    pub(super) fn rotate(&mut self, start: u32, middle: u32, end: u32) {
        let first = self.stores.iter().rev().take_while(|store| store.start >= start).count();
        let moved = self.stores.len() - first;
        let stores = &mut self.stores[moved..];
        let below = stores.iter().rev().take_while(|store| store.start >= middle).count();
        stores.rotate_right(below);
        for (index, store) in stores.iter_mut().enumerate() {
            let by = if index < below { start.wrapping_sub(middle) } else { end - middle };
            store.start = store.start.wrapping_add(by);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stores to these words, each of four bytes, one after the other.
    fn stores(words: &[u32]) -> SlotUse {
        let mut uses = SlotUse::default();
        for (start, word) in (0..).step_by(4).zip(words) {
            uses.store(Slot::Frame(*word), start, start + 4);
        }
        uses
    }

    fn found(uses: &SlotUse) -> Vec<(u32, u32, u32)> {
        uses.stores().iter().map(|store| (store.start(), store.end(), store.word())).collect()
    }

    #[test]
    fn stores_are_dead_to_words_that_nothing_loads() {
        let mut uses = stores(&[5, 1, 70, 2]);
        uses.store(Slot::WideFrame(8), 16, 22);
        uses.store(Slot::WideFrame(10), 22, 28);
        uses.store(Slot::WideFrame(12), 28, 34);
        for slot in [Slot::Frame(1), Slot::WideFrame(10), Slot::Frame(13), Slot::Incoming(5)] {
            uses.load(slot);
        }
        assert_eq!(uses.loaded_words(), 14);
        assert!(uses.keep_dead());
        assert_eq!(found(&uses), [(0, 4, 5), (8, 12, 70), (12, 16, 2), (16, 22, 8)]);
        for slot in [Slot::Frame(5), Slot::Frame(70), Slot::Frame(2), Slot::WideFrame(8)] {
            uses.load(slot);
        }
        assert_eq!(uses.loaded_words(), 71);
        assert!(!uses.keep_dead());
        uses.clear();
        assert_eq!(uses.loaded_words(), 0);
    }

    #[test]
    fn stores_follow_code_that_is_moved_before_other_code() {
        let mut uses = stores(&[0, 1, 2, 3, 4]);
        // What stands from 14 on comes before what stands from 8 on; nothing is stored from 12 to 14.
        uses.truncate(3);
        uses.store(Slot::Frame(3), 14, 18);
        uses.store(Slot::Frame(4), 18, 22);
        uses.rotate(8, 14, 23);
        assert_eq!(found(&uses), [(0, 4, 0), (4, 8, 1), (8, 12, 3), (12, 16, 4), (17, 21, 2)]);
    }
}
