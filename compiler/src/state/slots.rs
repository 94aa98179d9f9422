//! Home slots: which frame word belongs to which position, and which must start as zero.

use super::entry::NONE;
use super::machine::Slot;
use crate::microwasm::Type;

#[derive(Debug, Clone, Copy)]
struct Home {
    /// The word's number, or [`NONE`].
    word: u32,
    /// The number of the first of two words for vectors, or [`NONE`]: a position may hold now this, now that.
    wide: u32,
    /// Whether it is a stack argument's word.
    incoming: bool,
    /// Whether some path may read the slot before any writes it: a local that was untouched when
    /// control flow had begun. It is zeroed only if it is ever read.
    unwritten: bool,
    /// Whether it is any of this: one of those that are put back at the function's end.
    known: bool,
}

const NO_HOME: Home = Home { word: NONE, wide: NONE, incoming: false, unwritten: false, known: false };

/// The home slots of a function.
#[derive(Debug, Default)]
pub(super) struct Slots {
    /// By position; all `NO_HOME` between functions.
    homes: Vec<Home>,
    /// Positions whose entry is not `NO_HOME`.
    known: Vec<u32>,
    words: u32,
    zeroed: Vec<Slot>,
}

impl Slots {
    /// The slot of a position, for a store of a value of this type.
    #[inline(always)]
    pub(super) fn for_write(&mut self, position: u32, ty: Type) -> Slot {
        if ty == Type::V128 {
            return self.wide(position);
        }
        let words = self.words;
        let home = self.home(position);
        if home.word == NONE {
            home.word = words;
            self.words += 1;
            return Slot::Frame(words);
        }
        if home.incoming { Slot::Incoming(home.word) } else { Slot::Frame(home.word) }
    }

    fn wide(&mut self, position: u32) -> Slot {
        // Even words are aligned, as the stack pointer is.
        let first = self.words.next_multiple_of(2);
        let home = self.home(position);
        if home.wide == NONE {
            home.wide = first;
            self.words = first + 2;
            return Slot::WideFrame(first);
        }
        if home.incoming { Slot::WideIncoming(home.wide) } else { Slot::WideFrame(home.wide) }
    }

    /// The slot of a position, for a load of a value of this type.
    #[inline(always)]
    pub(super) fn for_read(&mut self, position: u32, ty: Type) -> Slot {
        let slot = self.for_write(position, ty);
        let home = &mut self.homes[position as usize];
        if home.unwritten {
            home.unwritten = false;
            self.zeroed.push(slot);
        }
        slot
    }

    /// Some path may read this position's slot before it is written.
    pub(super) fn set_unwritten(&mut self, position: u32) {
        self.home(position).unwritten = true;
    }

    /// The position is an argument that arrived on the stack.
    pub(super) fn set_incoming(&mut self, position: u32, word: u32) {
        *self.home(position) = Home { word, wide: word, incoming: true, unwritten: false, known: true };
    }

    pub(super) fn reserve(&mut self) -> Slot {
        self.words += 1;
        Slot::Frame(self.words - 1)
    }

    pub(super) fn frame_words(&self) -> u32 {
        self.words
    }

    pub(super) fn zeroed(&self) -> &[Slot] {
        &self.zeroed
    }

    /// How many positions have a home.
    pub(super) fn known(&self) -> usize {
        self.known.len()
    }

    pub(super) fn reset(&mut self) {
        for position in self.known.drain(..) {
            self.homes[position as usize] = NO_HOME;
        }
        self.words = 0;
        self.zeroed.clear();
    }

    #[inline(always)]
    fn home(&mut self, position: u32) -> &mut Home {
        let index = position as usize;
        if index >= self.homes.len() {
            self.homes.resize(index + 1, NO_HOME);
        }
        let home = &mut self.homes[index];
        if !home.known {
            home.known = true;
            self.known.push(position);
        }
        home
    }
}
