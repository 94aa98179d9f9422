//! Mutation for fuzzers whose inputs are modules: what mutates is the DNA that a module was generated from, which
//! travels in the module, and the module is generated anew. So every input stays a valid, replayable `.wasm` file.

use super::differential;
use crate::rng::Rng;
use wasm_encoder::{CustomSection, Encode, Section};

/// The custom section that holds the bytes which a module was generated from.
pub const SECTION: &str = "lightbeam.dna";
/// Of three mutations so many owe nothing to the input: what is near it is soon known, and fresh inputs alone find more
/// than mutants alone.
const FRESH_OF_THREE: u64 = 2;
/// One crossing in so many is made. The fuzzer, which wants as many crossings as mutations, mutates instead.
const CROSSED: u64 = 4;
/// How many bytes fresh DNA has. Short DNA makes small modules; the generators that take choices from a tape go on
/// after its end with what follows from it.
const LENGTHS: [usize; 8] = [64, 128, 300, 300, 600, 1000, 2000, 3000];
/// More bytes than this make modules that are slow to run and hard to read.
const MOST_BYTES: usize = 4096;
/// Fewer bytes than this are no DNA.
const LEAST_BYTES: usize = 16;
/// The bytes at the front from which the generator and its knobs follow.
const HEAD: usize = differential::HEAD;
/// Not every mutation gives a module, a module that fits, or another module.
const ATTEMPTS: usize = 8;

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
    let before = dna_of(&data[..size]).filter(|dna| dna.len() >= LEAST_BYTES);
    let before = before.filter(|_| rng.below(3) >= FRESH_OF_THREE);
    let next = |rng: &mut Rng, attempt| match &before {
        // What it was generated from may hardly matter to the module.
        Some(dna) if attempt < ATTEMPTS / 2 => mutant(dna, rng, &raw),
        _ => fresh(rng, attempt),
    };
    match attempts(&data[..size], max_size, &mut rng, next) {
        Some(sealed) => {
            data[..sealed.len()].copy_from_slice(&sealed);
            sealed.len()
        }
        None => size.min(max_size),
    }
}

/// Makes an input in place that owes nothing to any other, and returns its size, at most `max_size` (and `data.len()`):
/// what a loop without guidance does, for comparison.
pub fn fresh_bytes(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let max_size = max_size.min(data.len());
    match attempts(&[], max_size, &mut Rng::new(u64::from(seed), 0), fresh) {
        Some(sealed) => {
            data[..sealed.len()].copy_from_slice(&sealed);
            sealed.len()
        }
        None => size.min(max_size),
    }
}

/// Writes an input that has DNA of two others, and returns its size, at most `out.len()`; 0 if they give none, or if
/// this seed's turn is a mutation.
pub fn cross_bytes(one: &[u8], other: &[u8], out: &mut [u8], seed: u32) -> usize {
    let mut rng = Rng::new(u64::from(seed), 1);
    if !rng.one_in(CROSSED) {
        return 0;
    }
    let (Some(first), Some(second)) = (dna_of(one), dna_of(other)) else { return 0 };
    if first.len() < LEAST_BYTES || second.len() < LEAST_BYTES {
        return 0;
    }
    let sealed = attempts(one, out.len(), &mut rng, |rng, _| child(&first, &second, rng));
    let Some(sealed) = sealed else { return 0 };
    out[..sealed.len()].copy_from_slice(&sealed);
    sealed.len()
}

/// The first module among some tries that fits and is another one than `before`.
fn attempts(
    before: &[u8],
    max_size: usize,
    rng: &mut Rng,
    mut next: impl FnMut(&mut Rng, usize) -> Vec<u8>,
) -> Option<Vec<u8>> {
    for attempt in 0..ATTEMPTS {
        let dna = next(rng, attempt);
        let Some(case) = differential::case(&dna).filter(|_| !dna.starts_with(b"\0asm")) else { continue };
        let envelope = case.to_envelope();
        // A mutation behind the bytes that the generator looks at tells nothing new.
        if before.starts_with(&envelope) {
            continue;
        }
        let sealed = with_dna(envelope, &dna);
        if sealed.len() <= max_size {
            return Some(sealed);
        }
    }
    None
}

/// Bytes that owe nothing to others; the later the attempt, the fewer, as fewer make smaller modules.
fn fresh(rng: &mut Rng, attempt: usize) -> Vec<u8> {
    let lengths = &LENGTHS[..LENGTHS.len() - attempt.min(LENGTHS.len() - 1)];
    let length = HEAD + *rng.pick(lengths);
    rng.bytes(length)
}

/// One mutation of DNA.
fn mutant(dna: &[u8], rng: &mut Rng, raw: &impl Fn(&mut [u8], usize, usize) -> usize) -> Vec<u8> {
    let mut dna = dna[..dna.len().min(MOST_BYTES)].to_vec();
    match rng.below(8) {
        // The fuzzer's own, which knows bytes that stood it in good stead.
        0..=2 => {
            let used = dna.len();
            dna.resize(MOST_BYTES, 0);
            let used = raw(&mut dna, used, MOST_BYTES).min(MOST_BYTES);
            dna.truncate(used);
        }
        // A few choices, near each other as often as not.
        3 | 4 => {
            let near = rng.one_in(2);
            let mut place = HEAD + rng.below((dna.len() - HEAD) as u64) as usize;
            for _ in 0..1 + rng.below(4) {
                dna[place] = rng.below(256) as u8;
                place = if near { place + 1 } else { HEAD + rng.below((dna.len() - HEAD) as u64) as usize };
                place = place.min(dna.len() - 1);
            }
        }
        // The same beginning.
        5 | 6 => {
            let keep = HEAD + rng.below((dna.len() - HEAD) as u64) as usize;
            let length = *rng.pick(&LENGTHS);
            dna.truncate(keep);
            dna.extend(rng.bytes(length));
            dna.truncate(MOST_BYTES);
        }
        // The same choices under other knobs and with other calls; now and then for another generator.
        _ => {
            let first = if rng.one_in(4) { 0 } else { 1 };
            let head = rng.bytes(HEAD - first);
            dna[first..HEAD].copy_from_slice(&head);
        }
    }
    dna
}

/// The beginning of one and an end of the other.
fn child(one: &[u8], other: &[u8], rng: &mut Rng) -> Vec<u8> {
    let keep = HEAD + rng.below((one.len() - HEAD) as u64) as usize;
    // Mostly at the same place: generators look for the same there.
    let from = if rng.one_in(3) { HEAD + rng.below((other.len() - HEAD) as u64) as usize } else { keep };
    let mut dna = [&one[..keep], other.get(from..).unwrap_or_default()].concat();
    dna.truncate(MOST_BYTES);
    dna
}

fn with_dna(mut envelope: Vec<u8>, dna: &[u8]) -> Vec<u8> {
    let section = CustomSection { name: SECTION.into(), data: dna.into() };
    envelope.push(section.id());
    section.encode(&mut envelope);
    envelope
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

    fn replays(input: &[u8]) {
        wasmparser::validate(input).expect("an input is a valid module");
        let case = Case::from_envelope(input).expect("an input holds its plan");
        let dna = dna_of(input).expect("an input holds its DNA");
        let again = differential::case(&dna).expect("the DNA suffices");
        assert_eq!(case.plan, again.plan, "the same generator makes the same case");
    }

    fn fresh_inputs(count: u32) -> Vec<Vec<u8>> {
        let one = |seed| {
            let mut data = vec![0; 1 << 16];
            let size = fresh_bytes(&mut data, 0, 1 << 16, seed);
            data.truncate(size);
            data
        };
        (0..count).map(one).collect()
    }

    #[test]
    fn every_mutant_is_another_valid_module_that_replays() {
        let mut data = vec![0; 1 << 16];
        let mut size = 0;
        let mut same = 0;
        for seed in 0..60 {
            let before = Case::from_envelope(&data[..size]).map(|case| case.plan);
            let wasm = data[..size].to_vec();
            let max_size = data.len();
            size = mutate_bytes(&mut data, size, max_size, seed, raw);
            replays(&data[..size]);
            let after = Case::from_envelope(&data[..size]).map(|case| case.plan);
            same += usize::from(before == after && code_of(&wasm) == code_of(&data[..size]));
        }
        assert_eq!(same, 0, "inputs that were tried before");
    }

    /// All of a module but what it was generated from.
    fn code_of(input: &[u8]) -> Vec<u8> {
        let Some(dna) = dna_of(input) else { return Vec::new() };
        input[..input.len() - dna.len()].to_vec()
    }

    #[test]
    fn fresh_inputs_are_small_and_large_of_every_generator_and_replay() {
        let inputs = fresh_inputs(80);
        inputs.iter().for_each(|input| replays(input));
        let dna: Vec<Vec<u8>> = inputs.iter().filter_map(|input| dna_of(input)).collect();
        assert!(dna.iter().any(|dna| dna.len() < 200) && dna.iter().any(|dna| dna.len() > 2000), "sizes");
        for kind in 0..8 {
            assert!(dna.iter().any(|dna| dna[0] % 8 == kind), "no input of kind {kind}");
        }
        assert_eq!(inputs, fresh_inputs(80), "an input is a function of its seed");
    }

    #[test]
    fn children_have_a_beginning_and_an_end_of_their_parents() {
        let inputs = fresh_inputs(20);
        let mut out = vec![0; 1 << 16];
        let mut children = 0;
        for (seed, pair) in (0..).zip(inputs.windows(2).cycle().take(160)) {
            let size = cross_bytes(&pair[0], &pair[1], &mut out, seed);
            if size == 0 {
                continue;
            }
            children += 1;
            replays(&out[..size]);
            let (one, other, child) = (dna_of(&pair[0]), dna_of(&pair[1]), dna_of(&out[..size]));
            let (one, other, child) = (one.expect("DNA"), other.expect("DNA"), child.expect("DNA"));
            assert_eq!(child[..HEAD], one[..HEAD], "the generator is that of the first");
            let shared = child.iter().zip(&one).take_while(|(a, b)| a == b).count();
            let rest = &child[shared..];
            assert!(rest.is_empty() || other.windows(rest.len()).any(|run| run == rest), "the end is the other's");
            assert_ne!(code_of(&pair[0]), code_of(&out[..size]));
        }
        assert!((20..80).contains(&children), "{children} children of 160 pairs");
        for seed in 0..20 {
            assert_eq!(cross_bytes(b"", &inputs[0], &mut out, seed), 0);
            assert_eq!(cross_bytes(&inputs[0], b"\0asm", &mut out, seed), 0);
        }
    }

    #[test]
    fn sizes_are_kept() {
        for max_size in [0, 1, 100, 600, 5000] {
            let mut data = vec![0; 8000];
            let size = mutate_bytes(&mut data, 0, max_size, 3, raw);
            assert!(size <= max_size);
            assert!(fresh_bytes(&mut data, 0, max_size, 3) <= max_size);
            let inputs = fresh_inputs(2);
            assert!(cross_bytes(&inputs[0], &inputs[1], &mut data[..max_size], 3) <= max_size);
        }
        let mut module = wat::parse_str("(module)").expect("the text is well-formed");
        let size = module.len();
        module.resize(10_000, 0);
        assert!(mutate_bytes(&mut module, size, 10_000, 1, raw) <= 10_000, "a module without DNA is replaced");
    }
}
