//! Makes pieces fit together again: what is missing on the stack becomes zero, what is too much is dropped where it is
//! computed, and branches out of blocks that are not there go.

use super::piece::{FUNCTION, Jump, Opening, Piece, Slot};
use crate::value::ValueType;

/// How many values are dropped to find one of the right type below them.
const MOST_DROPPED: usize = 4;

/// Puts pieces together to a valid function with these results. Code that cannot be reached stays as it is if it is to
/// be `kept`, else it goes. `None` if that is more than inserting and leaving out.
pub(super) fn repair(pieces: &[Piece], results: &[Slot], kept: bool) -> Option<Vec<Piece>> {
    let mut repair = Repair {
        pieces,
        kept,
        stack: Vec::new(),
        frames: vec![Frame {
            label: FUNCTION,
            opening: None,
            begin: Place { at: 0, open: false },
            height: 0,
            params: Vec::new(),
            results: results.to_vec(),
            dead: false,
        }],
        before: vec![Vec::new(); pieces.len()],
        after: vec![Vec::new(); pieces.len()],
        removed: vec![false; pieces.len()],
        drops: vec![None; pieces.len()],
    };
    (0..pieces.len()).try_for_each(|at| repair.step(at))?;
    repair.frames.is_empty().then(|| repair.finish())
}

/// A value on the stack.
#[derive(Debug, Clone, Copy)]
struct Entry {
    ty: ValueType,
    /// Where its computation begins.
    start: Place,
    /// The piece behind which it is there.
    end: usize,
    /// Whether it can be dropped behind `end`.
    last: bool,
}

/// Where a computation begins.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// The first piece.
    at: usize,
    /// Whether something can be pushed before it, to lie below what it computes.
    open: bool,
}

/// A block that is open.
#[derive(Debug)]
struct Frame {
    label: u32,
    opening: Option<Opening>,
    /// Where the computation of its results begins.
    begin: Place,
    height: usize,
    params: Vec<Slot>,
    results: Vec<Slot>,
    /// What comes now cannot be reached.
    dead: bool,
}

struct Repair<'p> {
    pieces: &'p [Piece],
    kept: bool,
    stack: Vec<Entry>,
    frames: Vec<Frame>,
    /// What is inserted before each piece.
    before: Vec<Vec<Piece>>,
    /// What is inserted behind each piece.
    after: Vec<Vec<Piece>>,
    /// Which pieces go.
    removed: Vec<bool>,
    /// Branches that lose some of their targets.
    drops: Vec<Option<Piece>>,
}

/// What is wanted of slots.
fn wanted(slots: &[Slot]) -> Vec<ValueType> {
    slots.iter().filter(|slot| !slot.gone).map(|slot| slot.ty).collect()
}

impl Repair<'_> {
    fn step(&mut self, at: usize) -> Option<()> {
        let piece = &self.pieces[at];
        let dead = self.frames.last()?.dead;
        let skipped = dead && !self.kept;
        if skipped && !matches!(piece, Piece::Open { .. } | Piece::Else | Piece::End) {
            self.removed[at] = true;
            return Some(());
        }
        match piece {
            Piece::Open { label, opening, params, results } => {
                let mut begin = Place { at, open: true };
                if skipped {
                    self.removed[at] = true;
                } else {
                    let condition = Slot { ty: ValueType::I32, gone: false };
                    let mut takes = params.clone();
                    takes.extend((*opening == Opening::If).then_some(condition));
                    begin = self.take(&takes, at, false)?;
                }
                self.frames.push(Frame {
                    label: *label,
                    opening: Some(*opening),
                    begin,
                    height: self.stack.len(),
                    params: params.clone(),
                    results: results.clone(),
                    // A block in code that cannot be reached is typed as any other.
                    dead: skipped,
                });
                self.push_params(at);
            }
            Piece::Else => {
                self.close(at)?;
                let outer = self.frames.iter().rev().nth(1).is_some_and(|outer| outer.dead) && !self.kept;
                let frame = self.frames.last_mut()?;
                frame.dead = outer;
                self.removed[at] = outer;
                self.push_params(at);
            }
            Piece::End => {
                self.close(at)?;
                let frame = self.frames.pop()?;
                let outer = self.frames.last().is_some_and(|outer| outer.dead) && !self.kept;
                self.removed[at] = outer;
                if !outer {
                    self.push(&wanted(&frame.results), frame.begin, at);
                }
            }
            Piece::Jump { jump, targets } => {
                let Some(target) = self.aim(at, targets) else { return Some(()) };
                let label = self.label(target)?;
                let mut takes = label.clone();
                let operand = matches!(jump, Jump::If | Jump::Table);
                takes.extend(operand.then_some(Slot { ty: ValueType::I32, gone: false }));
                let begin = self.take(&takes, at, false)?;
                match jump {
                    Jump::If => self.push(&wanted(&label), begin, at),
                    _ => self.die()?,
                }
            }
            Piece::Unreachable => self.die()?,
            Piece::Drop => match self.stack.len() > self.frames.last()?.height {
                true => _ = self.stack.pop(),
                false => self.removed[at] = !dead,
            },
            Piece::Plain { takes, gives, known, .. } => {
                if !known {
                    // Its operands come from nowhere.
                    let height = self.frames.last().filter(|frame| frame.dead)?.height;
                    self.stack.truncate(height);
                    return Some(());
                }
                let begin = self.take(takes, at, false)?;
                self.push(gives, begin, at);
            }
        }
        Some(())
    }

    /// The target of a branch that decides about its operands. Without any the branch goes.
    fn aim(&mut self, at: usize, targets: &[u32]) -> Option<u32> {
        let open = |label: &u32| self.frames.iter().any(|frame| frame.label == *label);
        let left: Vec<u32> = targets.iter().copied().filter(open).collect();
        if left.is_empty() {
            self.removed[at] = true;
        } else if left.len() < targets.len()
            && let Piece::Jump { jump, .. } = &self.pieces[at]
        {
            self.drops[at] = Some(Piece::Jump { jump: *jump, targets: left.clone() });
        }
        left.last().copied()
    }

    /// What a branch to this label takes.
    fn label(&self, label: u32) -> Option<Vec<Slot>> {
        let frame = self.frames.iter().find(|frame| frame.label == label)?;
        Some(if frame.opening == Some(Opening::Loop) {
            Slot::all(&wanted(&frame.params))
        } else {
            frame.results.clone()
        })
    }

    /// What follows cannot be reached.
    fn die(&mut self) -> Option<()> {
        let frame = self.frames.last_mut()?;
        frame.dead = true;
        self.stack.truncate(frame.height);
        Some(())
    }

    /// The end of a block or of one arm: its results are there, and nothing else.
    fn close(&mut self, at: usize) -> Option<()> {
        let frame = self.frames.last()?;
        if !frame.dead || self.kept {
            let results = frame.results.clone();
            self.take(&results, at, true)?;
        }
        let height = self.frames.last()?.height;
        self.stack.truncate(height);
        Some(())
    }

    fn push_params(&mut self, at: usize) {
        let Some(frame) = self.frames.last() else { return };
        let params = wanted(&frame.params);
        if !frame.dead {
            // Nothing goes below what a block begins with.
            self.push(&params, Place { at, open: false }, at);
        }
    }

    fn push(&mut self, types: &[ValueType], start: Place, end: usize) {
        for (number, ty) in types.iter().enumerate() {
            let start = Place { open: start.open && number == 0, ..start };
            self.stack.push(Entry { ty: *ty, start, end, last: number + 1 == types.len() });
        }
    }

    /// Takes operands from the stack, all that the block has on it if `exact`. Returns where their computation begins.
    fn take(&mut self, slots: &[Slot], at: usize, exact: bool) -> Option<Place> {
        let frame = self.frames.last()?;
        let (base, dead) = (frame.height, frame.dead);
        let mut begin = Place { at, open: true };
        for slot in slots.iter().rev() {
            let fits = |entry: &Entry| entry.ty == slot.ty;
            let found = self.stack[base..].iter().rev().take(MOST_DROPPED + 1).position(fits);
            match found {
                Some(above) => {
                    (0..above).try_for_each(|_| self.discard())?;
                    if slot.gone {
                        self.discard()?;
                    } else {
                        let entry = self.stack.pop()?;
                        begin = entry.start;
                    }
                }
                None if slot.gone => {}
                // What cannot be reached takes its operands from nowhere.
                None if dead => (base..self.stack.len()).try_for_each(|_| self.discard())?,
                None => {
                    if !begin.open {
                        return None;
                    }
                    self.before[begin.at].insert(0, Piece::zero(slot.ty)?);
                }
            }
        }
        if exact {
            (base..self.stack.len()).try_for_each(|_| self.discard())?;
        }
        Some(begin)
    }

    /// Drops the topmost value where it was computed.
    fn discard(&mut self) -> Option<()> {
        let entry = self.stack.pop()?;
        if !entry.last {
            return None;
        }
        if let Some(below) = self.stack.last_mut()
            && below.end == entry.end
        {
            below.last = true;
        }
        let alone =
            entry.start.at == entry.end && self.before[entry.end].is_empty() && self.after[entry.end].is_empty();
        if alone && self.pieces[entry.end].only_pushes() {
            self.removed[entry.end] = true;
        } else {
            self.after[entry.end].push(Piece::Drop);
        }
        Some(())
    }

    fn finish(self) -> Vec<Piece> {
        let mut whole = Vec::with_capacity(self.pieces.len());
        let each = self.pieces.iter().zip(self.removed).zip(self.drops);
        for (((piece, removed), fewer), (before, after)) in each.zip(self.before.into_iter().zip(self.after)) {
            whole.extend(before);
            if !removed {
                let mut piece = fewer.unwrap_or_else(|| piece.clone());
                match &mut piece {
                    Piece::Open { params, results, .. } => {
                        params.retain(|slot| !slot.gone);
                        results.retain(|slot| !slot.gone);
                    }
                    Piece::Plain { takes, .. } => takes.retain(|slot| !slot.gone),
                    _ => {}
                }
                whole.push(piece);
            }
            whole.extend(after);
        }
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::super::change::Change;
    use super::super::piece::Piece;
    use super::super::work::Work;
    use crate::generate::Generator;
    use crate::rng::Rng;

    #[test]
    fn whatever_is_left_out_the_rest_is_put_together() {
        let mut rng = Rng::new(5, 6);
        let (mut put, mut tried, mut changed, mut invalid) = (0, 0, 0, 0);
        for number in 0..200 {
            for generator in [Generator::Smith, Generator::Pressure, Generator::Expression] {
                let (_, case) = generator.case(31, number);
                let Some(work) = Work::read(&case.wasm, 0) else { continue };
                // Nothing is changed where nothing is wrong.
                let mut change = Change::of(&work.shape);
                assert!(work.put(&mut change, &work.pieces, true).is_some());
                let same = change.apply(&case.wasm).expect("it can be parsed");
                wasmparser::validate(&same).unwrap_or_else(|error| panic!("{number}: {error}"));
                let one_in = 1 + rng.below(20);
                let structure = |piece: &Piece| matches!(piece, Piece::Open { .. } | Piece::Else | Piece::End);
                let fewer: Vec<Piece> =
                    work.pieces.iter().filter(|piece| structure(piece) || !rng.one_in(one_in)).cloned().collect();
                let mut change = Change::of(&work.shape);
                tried += 1;
                changed += usize::from(fewer.len() < work.pieces.len());
                if work.put(&mut change, &fewer, false).is_some() {
                    put += 1;
                    let wasm = change.apply(&case.wasm).expect("it can be parsed");
                    if let Err(error) = wasmparser::validate(&wasm) {
                        let text = wasmprinter::print_bytes(&wasm).unwrap_or_default();
                        println!("{} {number}: {error}\n{text}", generator.name());
                        invalid += 1;
                    }
                }
            }
        }
        println!("{put} of {tried} are put together, {changed} changed, {invalid} not valid");
        assert!(put * 10 >= tried * 7 && changed * 2 > tried, "{put} of {tried}, {changed} changed");
        assert_eq!(invalid, 0, "of {put}");
    }
}
