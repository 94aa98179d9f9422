//! Home slots: which frame word belongs to which position, and which must start as zero.

use super::entry::NONE;
use super::machine::Slot;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Home {
    /// The word's number, or [`NONE`].
    word: u32,
    /// Whether it is a stack argument's word.
    incoming: bool,
    /// Whether some path may read the slot before any writes it: a local that was untouched when
    /// control flow had begun. It is zeroed only if it is ever read.
    unwritten: bool,
}

const NO_HOME: Home = Home { word: NONE, incoming: false, unwritten: false };

/// The home slots of a function.
#[derive(Debug, Default)]
pub(super) struct Slots {
    /// By position; all `NO_HOME` between functions.
    homes: Vec<Home>,
    /// Positions whose entry is not `NO_HOME`.
    known: Vec<u32>,
    words: u32,
    zeroed: Vec<u32>,
}

impl Slots {
    /// The slot of a position, for a store.
    pub(super) fn for_write(&mut self, position: u32) -> Slot {
        let home = self.home(position);
        if home.word == NONE {
            let word = self.words;
            self.words += 1;
            self.homes[position as usize].word = word;
            return Slot::Frame(word);
        }
        if home.incoming { Slot::Incoming(home.word) } else { Slot::Frame(home.word) }
    }

    /// The slot of a position, for a load.
    pub(super) fn for_read(&mut self, position: u32) -> Slot {
        let slot = self.for_write(position);
        let home = &mut self.homes[position as usize];
        if home.unwritten {
            home.unwritten = false;
            self.zeroed.push(home.word);
        }
        slot
    }

    /// Some path may read this position's slot before it is written.
    pub(super) fn set_unwritten(&mut self, position: u32) {
        self.home(position);
        self.homes[position as usize].unwritten = true;
    }

    /// The position is an argument that arrived on the stack.
    pub(super) fn set_incoming(&mut self, position: u32, word: u32) {
        self.home(position);
        self.homes[position as usize] = Home { word, incoming: true, unwritten: false };
    }

    pub(super) fn reserve(&mut self) -> Slot {
        self.words += 1;
        Slot::Frame(self.words - 1)
    }

    pub(super) fn frame_words(&self) -> u32 {
        self.words
    }

    pub(super) fn zeroed(&self) -> &[u32] {
        &self.zeroed
    }

    pub(super) fn reset(&mut self) {
        for position in self.known.drain(..) {
            self.homes[position as usize] = NO_HOME;
        }
        self.words = 0;
        self.zeroed.clear();
    }

    fn home(&mut self, position: u32) -> Home {
        let index = position as usize;
        if index >= self.homes.len() {
            self.homes.resize(index + 1, NO_HOME);
        }
        if self.homes[index] == NO_HOME {
            self.known.push(position);
        }
        self.homes[index]
    }
}
