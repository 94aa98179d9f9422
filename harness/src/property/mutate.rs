//! Mutation for fuzzers whose inputs are modules: what mutates is the DNA that a module was generated from, which
//! travels in the module, and the module is generated anew. So every input stays a valid, replayable `.wasm` file.

use super::differential;
use crate::rng::Rng;
use wasm_encoder::{CustomSection, Encode, Section};

/// The custom section that holds the bytes which a module was generated from.
pub const SECTION: &str = "lightbeam.dna";
/// Fewer bytes than this make no interesting module: new inputs begin with that many.
const FIRST_BYTES: usize = 512;
/// More bytes than this make modules that are slow to run and hard to read.
const MOST_BYTES: usize = 4096;

/// Mutates an input in place and returns its new size, at most `max_size` (and `data.len()`).
///
/// `data[..size]` is a module with its DNA, or DNA, or anything. `raw` is the fuzzer's own mutation of bytes: it
/// takes a buffer, the used size and the size that it may grow to, and returns the new size.
pub fn mutate_bytes(
    data: &mut [u8],
    size: usize,
    max_size: usize,
    seed: u32,
    raw: impl Fn(&mut [u8], usize, usize) -> usize,
) -> usize {
    let max_size = max_size.min(data.len());
    let size = size.min(data.len());
    let mut rng = Rng::new(u64::from(seed), 0);
    let mut dna = dna_of(&data[..size]).unwrap_or_default();
    if dna.len() < 64 {
        dna = rng.bytes(FIRST_BYTES);
    }
    dna.truncate(MOST_BYTES);
    // Not every mutation gives a module, and not every module fits.
    for _ in 0..8 {
        let used = dna.len();
        dna.resize(MOST_BYTES, 0);
        let used = raw(&mut dna, used, MOST_BYTES).min(MOST_BYTES);
        dna.truncate(used);
        if let Some(sealed) = seal(&dna)
            && sealed.len() <= max_size
        {
            data[..sealed.len()].copy_from_slice(&sealed);
            return sealed.len();
        }
        // Shorter DNA makes smaller modules.
        if used > FIRST_BYTES {
            dna.truncate(used / 2);
        }
    }
    size.min(max_size)
}

/// The module that DNA describes, with its plan and with the DNA, if it suffices for one.
pub fn seal(dna: &[u8]) -> Option<Vec<u8>> {
    if dna.starts_with(b"\0asm") {
        return None;
    }
    let mut bytes = differential::case(dna)?.to_envelope();
    let section = CustomSection { name: SECTION.into(), data: dna.into() };
    bytes.push(section.id());
    section.encode(&mut bytes);
    Some(bytes)
}

/// The DNA that an input holds or is; `None` for a module without any.
fn dna_of(input: &[u8]) -> Option<Vec<u8>> {
    if !input.starts_with(b"\0asm") {
        return Some(input.to_vec());
    }
    wasmparser::Parser::new(0).parse_all(input).map_while(Result::ok).find_map(|payload| match payload {
        wasmparser::Payload::CustomSection(section) if section.name() == SECTION => Some(section.data().to_vec()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Case;

    /// A stand-in for the fuzzer: changes one byte and appends another.
    fn raw(buffer: &mut [u8], size: usize, max: usize) -> usize {
        buffer[size / 2] ^= 0x55;
        if size < max {
            buffer[size] = 7;
            return size + 1;
        }
        size
    }

    #[test]
    fn every_mutant_is_a_valid_module_that_replays() {
        let mut data = vec![0; 1 << 16];
        let mut size = 0;
        let mut different = 0;
        for seed in 0..40 {
            let before = data[..size].to_vec();
            let max_size = data.len();
            size = mutate_bytes(&mut data, size, max_size, seed, raw);
            different += usize::from(before != data[..size]);
            wasmparser::validate(&data[..size]).expect("a mutant is a valid module");
            let case = Case::from_envelope(&data[..size]).expect("a mutant holds its plan");
            let dna = dna_of(&data[..size]).expect("a mutant holds its DNA");
            let again = differential::case(&dna).expect("the DNA suffices");
            assert_eq!(case.plan, again.plan, "the same generator makes the same case");
        }
        assert!(different > 30, "only {different} of 40 mutations changed anything");
    }

    #[test]
    fn sizes_are_kept() {
        for max_size in [0, 1, 100, 600, 5000] {
            let mut data = vec![0; 8000];
            let size = mutate_bytes(&mut data, 0, max_size, 3, raw);
            assert!(size <= max_size);
        }
        let mut module = wat::parse_str("(module)").expect("the text is well-formed");
        let size = module.len();
        module.resize(10_000, 0);
        assert!(mutate_bytes(&mut module, size, 10_000, 1, raw) <= 10_000, "a module without DNA is replaced");
    }
}
