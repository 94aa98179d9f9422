//! A random number generator whose sequence never changes.
//!
//! Seeds are written into findings and into documentation, so the sequence must outlive any
//! version of a library; the generators of `rand` promise that only within a version.

use xxhash_rust::xxh3::xxh3_64;

/// SplitMix64; or first the choices on a tape.
#[derive(Debug, Clone)]
pub struct Rng {
    state: u64,
    /// What is left of the tape, the next byte last.
    tape: Vec<u8>,
}

impl Rng {
    /// A sequence for a seed and a number within it: neighbours are unrelated.
    pub fn new(seed: u64, number: u64) -> Rng {
        Rng { state: mix(seed ^ mix(number.wrapping_add(0x9e37_79b9_7f4a_7c15))), tape: Vec::new() }
    }

    /// The choices that these bytes make, one byte for each small one, and then a sequence that depends on them: a
    /// fuzzer that changes a byte changes a choice.
    pub fn tape(bytes: &[u8]) -> Rng {
        Rng { state: mix(xxh3_64(bytes)), tape: bytes.iter().rev().copied().collect() }
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        if let Some(rest) = self.tape.len().checked_sub(8) {
            return self.tape.drain(rest..).rev().fold(0, |bits, byte| bits << 8 | u64::from(byte));
        }
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }

    /// A number below `bound`; 0 when `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        if bound <= 256
            && let Some(byte) = self.tape.pop()
        {
            return (u64::from(byte) * bound) >> 8;
        }
        if bound == 0 { 0 } else { ((u128::from(self.next_u64()) * u128::from(bound)) >> 64) as u64 }
    }

    /// True once in `n` times.
    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// One of the items.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }

    /// This many random bytes.
    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(count + 8);
        while bytes.len() < count {
            bytes.extend_from_slice(&self.next_u64().to_le_bytes());
        }
        bytes.truncate(count);
        bytes
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_never_changes() {
        let mut rng = Rng::new(1, 2);
        let first: Vec<u64> = (0..3).map(|_| rng.next_u64()).collect();
        assert_eq!(first, [5196188657185181188, 5005007431957806747, 13825384577461178096]);
    }

    #[test]
    fn a_tape_makes_choices_until_it_ends() {
        let mut rng = Rng::tape(&[0, 255, 128, 1, 0, 0, 0, 0, 0, 0, 0, 9]);
        assert_eq!([rng.below(10), rng.below(10), rng.below(2)], [0, 9, 1]);
        assert_eq!(rng.next_u64(), 1 << 56);
        assert_eq!(rng.below(256), 9);
        assert_ne!(rng.next_u64(), rng.next_u64());
        assert_ne!(Rng::tape(&[1]).next_u64(), Rng::tape(&[2]).next_u64());
    }

    #[test]
    fn below_stays_below() {
        let mut rng = Rng::new(7, 7);
        for bound in [0, 1, 2, 3, 1000, u64::MAX] {
            for _ in 0..100 {
                let n = rng.below(bound);
                assert!(n < bound || bound == 0 && n == 0);
            }
        }
    }
}
