//! The last pass over a function's code, when the function is complete: jumps get their short form where their targets
//! are near, stores that nothing needs are left out, loops are moved to where they touch the fewest lines of the
//! instruction cache, and whatever says where something is in the code follows. Its time is linear in the length of the code.
//!
//! Code moves only towards the function's start, into the room left there and into that of what became shorter, so that it
//! can be moved in place, each byte once.

use super::asm::Assembler;
use super::jumps::{Head, Jump, JumpKind, Jumps, Place};
use crate::code::Growing;
use crate::seeded::{Bug, seeded};
use std::hint::select_unpredictable;
use std::ops::Range;

/// Bytes that the processor fetches and keeps decoded together.
pub(super) const LINE: u32 = 64;
/// The longest loops that are moved: for longer ones a line less is a small part.
const MAX_LOOP: u32 = 256;
/// The most bytes to move a loop by.
const MAX_PADDING: u32 = 32;

/// From this position on, up to the next cut, the code has moved by so much (modulo 2^32).
#[derive(Debug, Clone, Copy)]
struct Cut {
    from: u32,
    by: u32,
}

/// Where the code has moved to.
#[derive(Debug, Default)]
pub struct Layout {
    cuts: Growing<Cut>,
    /// Loops that may be moved: where they are, and how long they are at most.
    loops: Vec<(u32, u32)>,
}

/// New positions for old ones that are asked for in ascending order.
struct Ascending<'a> {
    /// They end with one behind all code.
    cuts: &'a [Cut],
    /// The last that is not behind the position asked for last.
    last: usize,
}

impl Ascending<'_> {
    /// The place of what starts at a position.
    fn start(&mut self, position: u32) -> u32 {
        // Whether a cut lies between two positions cannot be foretold: the first is counted without a branch.
        self.last += usize::from(self.cuts[self.last + 1].from <= position);
        while self.cuts[self.last + 1].from <= position {
            self.last += 1;
        }
        position.wrapping_add(self.cuts[self.last].by)
    }

    /// The place of what ends at a position.
    fn end(&mut self, position: u32) -> u32 {
        self.start(position - 1) + 1
    }
}

impl Layout {
    fn ascending(&self) -> Ascending<'_> {
        Ascending { cuts: &self.cuts, last: 0 }
    }

    /// Whether the function starts at a line: it has loops that may be moved.
    pub fn starts_at_line(&self) -> bool {
        !self.loops.is_empty()
    }

    /// The place of what starts at a position.
    pub fn start(&self, position: u32) -> u32 {
        let cut = self.cuts.partition_point(|cut| cut.from <= position);
        cut.checked_sub(1).map_or(position, |cut| position.wrapping_add(self.cuts[cut].by))
    }

    /// Innermost loops: those between whose head and last jump back there is no other head.
    fn find_loops(&mut self, jumps: &Jumps) {
        self.loops.clear();
        let mut next_head = u32::MAX;
        for place in jumps.places.iter().rev().filter(|place| place.head != Head::No) {
            let length = place.end.saturating_sub(place.position);
            if place.head == Head::Aligned && (1..=MAX_LOOP).contains(&length) && next_head >= place.end {
                self.loops.push((place.position, length));
            }
            next_head = place.position;
        }
        self.loops.reverse();
    }
}

/// Copies the code downwards.
struct Mover {
    /// The old position up to which everything is copied.
    read: u32,
    /// The new position that comes next.
    write: u32,
    /// How many of the places are known.
    places: usize,
    /// How many of the loops are passed.
    loops: usize,
    /// How many of the dead stores are left out.
    stores: usize,
}

impl Mover {
    /// Copies the code before an old position.
    fn copy(&mut self, asm: &mut Assembler, to: u32) {
        asm.buf.move_down(self.read, to, self.write);
        self.write += to - self.read;
        self.read = to;
    }

    /// The new place of an old position that is not copied yet, as far as is known.
    fn place(&self, position: u32) -> u32 {
        position - self.read + self.write
    }

    /// Everything from here on moves by another distance.
    fn cut(&self, layout: &mut Layout) {
        layout.cuts.push(Cut { from: self.read, by: self.write.wrapping_sub(self.read) });
    }

    /// The anchors before an old position get their new places.
    fn move_places(&mut self, asm: &mut Assembler, before: u32) {
        let by = self.write.wrapping_sub(self.read);
        let places = &mut asm.jumps.places;
        // As for cuts: the first without a branch. The last place is behind all code.
        let place = &mut places[self.places].position;
        let moves = *place < before;
        *place = place.wrapping_add(if moves { by } else { 0 });
        self.places += usize::from(moves);
        while places[self.places].position < before {
            places[self.places].position = places[self.places].position.wrapping_add(by);
            self.places += 1;
        }
    }

    /// Moves the loops whose heads are before an old position.
    #[inline(always)]
    fn move_loops(&mut self, asm: &mut Assembler, layout: &mut Layout, before: u32) {
        while let Some(&(position, length)) = layout.loops.get(self.loops)
            && position < before
        {
            self.loops += 1;
            let start = self.place(position);
            let padding = LINE - start % LINE;
            let lines = (start % LINE + length).div_ceil(LINE);
            let room = position - start;
            if lines > length.div_ceil(LINE) && padding <= MAX_PADDING.min(room) {
                self.move_places(asm, position);
                self.copy(asm, position);
                asm.buf.write_nops(self.write, padding);
                self.write += padding;
                self.cut(layout);
            }
        }
    }

    /// Leaves out the dead stores before an old position, and moves the loops whose heads are before it.
    #[inline(always)]
    fn advance(&mut self, asm: &mut Assembler, layout: &mut Layout, before: u32) {
        while let Some(store) = asm.slot_use.stores().get(self.stores)
            && store.start() < before
        {
            let (start, end) = (store.start(), store.end());
            self.stores += 1;
            self.move_loops(asm, layout, start + 1);
            self.move_places(asm, start + 1);
            self.copy(asm, start);
            self.read = end;
            // The last byte of what is left out stands for its end.
            layout.cuts.push(Cut { from: end - 1, by: self.write.wrapping_sub(end) });
        }
        self.move_loops(asm, layout, before);
    }

    /// Whether a jump whose instruction starts at an old position surely reaches its target in its short form.
    #[inline(always)]
    fn is_near(&self, asm: &Assembler, layout: &Layout, jump: Jump, start: u32) -> bool {
        let target = jump.target as usize;
        let place = asm.jumps.places[target].position;
        if target < self.places {
            return self.place(start) + 2 - place <= 128;
        }
        // Padding may still come between; all else can only bring them nearer.
        let distance = place - (jump.field + 4);
        let padding = match &layout.loops[self.loops..] {
            [_, (second, _), ..] if *second <= place => return false,
            [(first, _), ..] if *first <= place => MAX_PADDING,
            _ => 0,
        };
        let reach = if seeded(Bug::ShortJumpReach) { 140 } else { 127 };
        distance + padding <= reach
    }
}

impl Assembler {
    /// Lays out the code of the function at work, which starts at `from`, to start at `to`, or at the line behind if it
    /// has loops that may be moved: so its code does not depend on what is before it. That line is not behind `from`.
    /// Returns where the function starts. `may_shorten` is asked for each jump that could be shorter.
    pub fn lay_out(&mut self, from: u32, mut to: u32, mut may_shorten: impl FnMut() -> bool) -> u32 {
        let mut layout = std::mem::take(&mut self.layout);
        layout.cuts.clear();
        layout.find_loops(&self.jumps);
        if layout.starts_at_line() {
            to = to.next_multiple_of(LINE);
        }
        self.count_records(from);
        let mut mover = Mover { read: from, write: to, places: 0, loops: 0, stores: 0 };
        mover.cut(&mut layout);
        self.jumps.places.push(Place { position: u32::MAX, end: 0, head: Head::No });
        let mut jumps = std::mem::take(&mut self.jumps.jumps);
        for jump in jumps.iter_mut() {
            let conditional = jump.kind == JumpKind::Conditional;
            if !conditional && jump.kind != JumpKind::Always {
                mover.advance(self, &mut layout, jump.field);
                jump.field = mover.place(jump.field);
                continue;
            }
            let start = jump.field - 1 - u32::from(conditional);
            mover.advance(self, &mut layout, start + 1);
            mover.move_places(self, start + 1);
            if mover.is_near(self, &layout, *jump, start) && may_shorten() {
                mover.copy(self, start);
                // `jmp` is 0xeb for 0xe9; `jcc` is 0x7? for 0x0f 0x8?.
                let near = self.buf.byte(jump.field - 1).wrapping_sub(0x10);
                self.buf.patch(mover.write, &[if conditional { near } else { 0xeb }, 0]);
                mover.read = jump.field + 4;
                jump.field = mover.write + 1;
                jump.kind = JumpKind::Short;
                mover.write += 2;
                mover.cut(&mut layout);
            } else {
                jump.field = mover.place(jump.field);
            }
        }
        self.jumps.jumps = jumps;
        let end = self.buf.position();
        mover.advance(self, &mut layout, end);
        mover.move_places(self, u32::MAX);
        mover.copy(self, end);
        self.buf.truncate(mover.write);
        self.jumps.places.pop();
        layout.cuts.push(Cut { from: u32::MAX, by: 0 });
        self.fill_in_distances(&layout);
        self.layout = layout;
        self.move_records();
        to
    }

    /// The code from here on, and each jump, place and record of it, is dealt with once below.
    fn count_records(&mut self, from: u32) {
        let records = Records::so_far(self).count() - self.before.count() + self.incoming.len() + self.slot_use.count();
        self.work.state_operations += (self.jumps.count() + records) as u64;
        self.work.bytes_emitted += u64::from(self.buf.position() - from);
    }

    fn fill_in_distances(&mut self, layout: &Layout) {
        for jump in &self.jumps.jumps {
            let target = self.jumps.places[jump.target as usize].position;
            if let JumpKind::Entry(table) = jump.kind {
                let distance = target.wrapping_sub(self.position_of(table));
                self.buf.patch(jump.field, &distance.to_le_bytes());
                continue;
            }
            let short = jump.kind == JumpKind::Short;
            let distance = target.wrapping_sub(jump.field + select_unpredictable(short, 1, 4)) as i32;
            let fits = i8::try_from(distance).is_ok() || seeded(Bug::ShortJumpReach);
            assert!(fits | !short, "a short jump over {distance} bytes");
            self.buf.patch_bits(jump.field, distance as u32, select_unpredictable(short, 0xff, u32::MAX));
        }
        let mut moved = layout.ascending();
        for call in &mut self.jumps.calls {
            call.field = moved.start(call.field);
        }
        let mut moved = layout.ascending();
        for constant in &mut self.jumps.constants {
            constant.field = moved.start(constant.field);
        }
    }

    /// Everything that was recorded of the function's code gets its new position.
    fn move_records(&mut self) {
        let (layout, of) = (&self.layout, self.before);
        let mut moved = layout.ascending();
        for trap in &mut self.code.traps[of.traps..] {
            trap.offset = moved.start(trap.offset);
        }
        let mut moved = layout.ascending();
        for call in &mut self.code.calls[of.calls..] {
            call.return_offset = moved.end(call.return_offset);
        }
        let mut moved = layout.ascending();
        for signature in &mut self.code.signatures[of.signatures..] {
            signature.offset = moved.start(signature.offset);
        }
        let mut moved = layout.ascending();
        for table in &mut self.code.tables[of.tables..] {
            table.start = moved.start(table.start);
        }
        for field in &mut self.incoming {
            *field = layout.start(*field);
        }
    }

    /// Where code that was emitted at an old position is now.
    pub fn moved(&self, position: u32) -> u32 {
        self.layout.start(position)
    }

    /// Where a range of code is now.
    pub fn moved_range(&self, range: Range<u32>) -> Range<u32> {
        let start = self.layout.start(range.start);
        if range.is_empty() { start..start } else { start..self.layout.start(range.end - 1) + 1 }
    }
}

/// Numbers of records, before the first of the function at work.
#[derive(Debug, Clone, Copy, Default)]
pub struct Records {
    traps: usize,
    calls: usize,
    signatures: usize,
    tables: usize,
}

#[cfg(feature = "parallel")]
/// The records of one function, by number.
#[derive(Debug, Clone)]
pub struct Ranges {
    pub(super) traps: Range<usize>,
    pub(super) calls: Range<usize>,
    pub(super) signatures: Range<usize>,
    pub(super) tables: Range<usize>,
}

impl Records {
    /// All there are so far.
    pub fn so_far(asm: &Assembler) -> Records {
        let code = &asm.code;
        Records {
            traps: code.traps.len(),
            calls: code.calls.len(),
            signatures: code.signatures.len(),
            tables: code.tables.len(),
        }
    }

    #[cfg(feature = "parallel")]
    /// The records behind these, up to others.
    pub fn to(self, end: Records) -> Ranges {
        Ranges {
            traps: self.traps..end.traps,
            calls: self.calls..end.calls,
            signatures: self.signatures..end.signatures,
            tables: self.tables..end.tables,
        }
    }

    fn count(self) -> usize {
        self.traps + self.calls + self.signatures + self.tables
    }
}

#[cfg(test)]
mod tests {
    use super::super::jumps::Fixups;
    use super::*;
    use crate::state::reg::Gpr;
    use crate::state::{Machine, Slot};
    use crate::trap::TrapKind;
    use rand::{Rng, SeedableRng, rngs::StdRng};
    use std::collections::HashMap;

    const ROOM: u32 = 128;

    /// What the code consists of: a number that is loaded, a jump to an offset, or a store to a word of the frame, with
    /// its length.
    enum Instruction {
        Number(u32),
        Jump(u32),
        Store(u32),
        Nothing,
    }

    fn decode(asm: &Assembler, at: u32) -> (Instruction, u32) {
        let byte = |index| asm.buf.byte(at + index);
        let near = |length: u32| Instruction::Jump((at + length).wrapping_add(asm.buf.read_u32(at + length - 4)));
        let short = || Instruction::Jump((at + 2).wrapping_add_signed(i32::from(byte(1) as i8)));
        match byte(0) {
            0xb8 => (Instruction::Number(asm.buf.read_u32(at + 1)), 5),
            0xe9 => (near(5), 5),
            0x0f if byte(1) & 0xf0 == 0x80 => (near(6), 6),
            0xeb | 0x70..0x80 => (short(), 2),
            0x90 => (Instruction::Nothing, 1),
            0x66 if byte(1) == 0x90 => (Instruction::Nothing, 2),
            // mov [rsp + disp], rax
            0x48 => (Instruction::Store(u32::from(byte(4)) / 8), 5),
            prefix => {
                // What the buffer fills gaps with.
                let modrm = if prefix == 0x66 { byte(3) } else { byte(2) };
                let length = match modrm {
                    0x00 => 3,
                    0x40 => 4,
                    0x44 => 5,
                    0x80 => 7,
                    0x84 => 8,
                    modrm => panic!("{prefix:x} {modrm:x} at {at}"),
                };
                (Instruction::Nothing, length + u32::from(prefix == 0x66))
            }
        }
    }

    /// Random code: every jump must still go to the number that stood at its target, every record must still name the
    /// instruction that it named, and of the stores those to words that are loaded must be there.
    #[test]
    fn jumps_and_records_follow_the_code() {
        let mut rng = StdRng::seed_from_u64(11);
        let (mut shortened, mut dead) = (0, 0);
        for round in 0..500 {
            let mut asm = Assembler::default();
            asm.begin_function();
            asm.buf.skip(ROOM);
            let (mut open, mut heads, mut wanted, mut traps) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
            let (mut jump_numbers, mut calls, mut stores) = (HashMap::new(), Vec::new(), Vec::new());
            let mut store = |asm: &mut Assembler, rng: &mut StdRng| {
                if rng.random_bool(0.3) {
                    let word = rng.random_range(1..16);
                    asm.store(Slot::Frame(word), Gpr::RAX.into());
                    stores.push(word);
                }
            };
            let spread = if round % 2 == 0 { 8 } else { 60 };
            for number in 0..120 {
                // Each number may be a target; the jump behind it is known by it.
                match rng.random_range(0..10) {
                    0 => heads.push((asm.loop_head(true), number)),
                    1 | 2 if !open.is_empty() => {
                        let (fixups, jumps): (Fixups, Vec<u32>) = open.swap_remove(rng.random_range(0..open.len()));
                        wanted.extend(jumps.into_iter().map(|jump| (jump, number)));
                        asm.bind(fixups);
                    }
                    3 => {
                        asm.may_trap(TrapKind::MemoryOutOfBounds);
                        traps.push(number);
                    }
                    _ => store(&mut asm, &mut rng),
                }
                asm.buf.push_word(0xb8 | u64::from(number) << 8, 5);
                if rng.random_bool(0.1) {
                    asm.call_returns();
                    calls.push(number);
                }
                store(&mut asm, &mut rng);
                for _ in 0..rng.random_range(0..spread) / 2 {
                    asm.buf.push_word(0x90, 1);
                }
                store(&mut asm, &mut rng);
                match rng.random_range(0..6) {
                    0 => {
                        let mut fixups = Fixups::NONE;
                        asm.jcc(4, &mut fixups);
                        open.push((fixups, vec![number]));
                    }
                    1 if !open.is_empty() => {
                        let last = open.len() - 1;
                        asm.jmp(&mut open[last].0);
                        open[last].1.push(number);
                    }
                    2 if !heads.is_empty() => {
                        let (head, target) = heads[rng.random_range(0..heads.len())];
                        asm.jcc_back(5, head);
                        wanted.push((number, target));
                    }
                    _ => continue,
                }
                jump_numbers.insert(number, ());
            }
            for (fixups, jumps) in open {
                asm.bind(fixups);
                wanted.extend(jumps.into_iter().map(|jump| (jump, 1000)));
            }
            asm.buf.push_word(0xb8 | 1000 << 8, 5);
            let loaded = |word: &u32| word.is_multiple_of(3);
            (0..16).filter(loaded).for_each(|word| asm.slot_use.load(Slot::Frame(word)));
            asm.slot_use.keep_dead();
            dead += asm.slot_use.count();
            asm.lay_out(ROOM, 0, || rng.random_bool(0.9));

            let mut stored = stores.into_iter().filter(loaded);
            let (mut at, mut last) = (0, 0);
            let (mut starts, mut ends, mut jumps) = (HashMap::new(), HashMap::new(), HashMap::new());
            while at < asm.buf.position() {
                let (instruction, length) = decode(&asm, at);
                match instruction {
                    Instruction::Number(number) => {
                        starts.insert(number, at);
                        ends.insert(number, at + length);
                        last = number;
                    }
                    Instruction::Jump(to) => {
                        shortened += u32::from(length == 2);
                        jumps.insert(last, to);
                    }
                    Instruction::Store(word) => assert_eq!(Some(word), stored.next()),
                    Instruction::Nothing => {}
                }
                at += length;
            }
            assert_eq!(at, asm.buf.position());
            assert_eq!(stored.next(), None);
            assert_eq!(jumps.len(), jump_numbers.len());
            for (jump, target) in wanted {
                let mut to = jumps[&jump];
                while let (Instruction::Nothing | Instruction::Store(_), length) = decode(&asm, to) {
                    to += length;
                }
                assert_eq!(to, starts[&target], "the jump behind {jump} goes to {target}");
            }
            for (trap, number) in asm.code.traps.iter().zip(traps) {
                assert_eq!(trap.offset, starts[&number]);
            }
            for (call, number) in asm.code.calls.iter().zip(calls) {
                assert_eq!(call.return_offset, ends[&number]);
            }
        }
        assert!(shortened > 1000, "only {shortened} jumps were shortened");
        assert!(dead > 1000, "only {dead} stores were dead");
    }
}
