//! Mutation for a fuzzer whose inputs are Microwasm: whole operators are moved, dropped and repeated, so that many
//! mutants still get past the checker.

use crate::generate::microwasm::generate;
use crate::rng::Rng;
use lightbeam::microwasm::binary::{Decoder, Encoder};
use lightbeam::microwasm::{FuncType, Op, Sink};
use lightbeam::wasm::module::ModuleInfo;
use std::cell::RefCell;

/// One mutation in so many begins anew, with a generated program.
const ANEW: u64 = 64;
/// One mutation in so many is the fuzzer's own, of bytes.
const RAW: u64 = 4;
/// How many operators move at a time, at most.
const RUN: u64 = 6;

/// Mutates an input in place and returns its new size, at most `max_size` (and `data.len()`).
///
/// `raw` is the fuzzer's own mutation of bytes: it takes a buffer, the used size and the size that it may grow to, and
/// returns the new size.
pub fn splice_bytes(
    data: &mut [u8],
    size: usize,
    max_size: usize,
    seed: u32,
    raw: impl Fn(&mut [u8], usize, usize) -> usize,
) -> usize {
    let max_size = max_size.min(data.len());
    let size = size.min(max_size);
    let mut rng = Rng::new(u64::from(seed), 1);
    let operators = operators(&data[..size]);
    let mutant = if operators.is_empty() || rng.one_in(ANEW) {
        encoded(&mut rng)
    } else if rng.one_in(RAW) {
        return raw(data, size, max_size).min(max_size);
    } else {
        splice(&data[..size], &operators, &mut rng)
    };
    if mutant.is_empty() || mutant.len() > max_size {
        return raw(data, size, max_size).min(max_size);
    }
    data[..mutant.len()].copy_from_slice(&mutant);
    mutant.len()
}

/// A generated program in the binary format.
fn encoded(rng: &mut Rng) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new());
    let info = generate(rng, &mut encoder);
    encoder.finish(&info).expect("a vector takes everything")
}

/// Drops, repeats, moves or replaces a run of operators.
fn splice(input: &[u8], operators: &[usize], rng: &mut Rng) -> Vec<u8> {
    let run = |rng: &mut Rng| {
        let first = rng.below(operators.len() as u64) as usize;
        let last = first + 1 + rng.below(RUN) as usize;
        (operators[first], operators.get(last).copied().unwrap_or(operators[first]))
    };
    let ((begin, end), (from, to)) = (run(rng), run(rng));
    let (before, here, after) = (&input[..begin], &input[begin..end], &input[end..]);
    match rng.below(4) {
        0 => [before, after].concat(),
        1 => [before, here, here, after].concat(),
        2 => [before, &input[from..to], after].concat(),
        _ => [before, &input[from..to], here, after].concat(),
    }
}

/// The byte offsets of the operators that the checker accepts.
fn operators(microwasm: &[u8]) -> Vec<usize> {
    let starts = RefCell::new(Vec::new());
    let mut decoder = Decoder::new(Starts(&starts));
    // Refused inputs are mutated, too: what is wanted is how far they were right.
    let _refused = decoder.push(microwasm);
    starts.take()
}

struct Starts<'a>(&'a RefCell<Vec<usize>>);

impl Sink for Starts<'_> {
    fn module(&mut self, _module: &ModuleInfo) {}

    fn begin(&mut self, _index: u32, _ty: &FuncType, _offset: u32) {}

    fn at(&mut self, offset: u32) {
        let mut starts = self.0.borrow_mut();
        if starts.last() != Some(&(offset as usize)) {
            starts.push(offset as usize);
        }
    }

    fn op(&mut self, _op: Op<'_>) {}

    fn end(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stand-in for the fuzzer: changes one byte.
    fn raw(buffer: &mut [u8], size: usize, _max: usize) -> usize {
        if size > 0 {
            buffer[size / 2] ^= 1;
        }
        size
    }

    #[test]
    fn mutants_are_different_and_many_are_accepted() {
        let (mut different, mut accepted) = (0, 0);
        for seed in 0..400 {
            let mut data = encoded(&mut Rng::new(7, u64::from(seed)));
            let size = data.len();
            let before = data.clone();
            data.resize(1 << 16, 0);
            let size = splice_bytes(&mut data, size, 1 << 16, seed, raw);
            different += u32::from(before != data[..size]);
            let mut decoder = Decoder::new(());
            accepted += u32::from(decoder.push(&data[..size]).is_ok() && decoder.finish().is_ok());
        }
        assert!(different > 350, "only {different} of 400 mutations changed anything");
        assert!((40..400).contains(&accepted), "the checker accepts {accepted} of 400");
    }

    #[test]
    fn sizes_are_kept_and_a_program_is_made_from_nothing() {
        for max_size in [0, 1, 100, 8000] {
            let mut data = vec![0; 8000];
            let size = splice_bytes(&mut data, 0, max_size, 3, raw);
            assert!(size <= max_size);
            assert!(
                max_size < 8000 || data.starts_with(&lightbeam::microwasm::binary::MAGIC),
                "begins with a generated program"
            );
        }
    }
}
