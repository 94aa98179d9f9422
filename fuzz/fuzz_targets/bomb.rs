//! Hunts for compiler bombs: inputs are recipes of modules, and an input is interesting if it makes our work by byte, or
//! its growth, larger than any before.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lightbeam_harness::property::bomb::{FEATURES, bomb_bytes};
use std::sync::atomic::{AtomicU8, Ordering};

/// libFuzzer looks at these counters as it does at those of the code's edges.
#[unsafe(link_section = "__libfuzzer_extra_counters")]
static COUNTERS: [AtomicU8; FEATURES] = [const { AtomicU8::new(0) }; FEATURES];

fuzz_target!(|data: &[u8]| {
    let strain = bomb_bytes(data);
    COUNTERS.iter().for_each(|counter| counter.store(0, Ordering::Relaxed));
    strain.features().for_each(|feature| COUNTERS[feature].store(1, Ordering::Relaxed));
});
