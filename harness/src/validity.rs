//! Whether engines agree on which modules are valid: some modules of a run as they are, and with one thing in them
//! broken. Generators make valid modules only, so nothing else would show what a validator lets pass.

use crate::compare::{self, Divergence};
use crate::engine::Engine;
use crate::engines::holes::Hole;
use crate::engines::validator::WasmValidate;
use crate::plan::Case;
use crate::rng::Rng;
use serde::{Deserialize, Serialize};

/// One case in so many is looked at.
const EVERY: u64 = 64;
/// One look in so many asks the external validator, a process for each module.
const EXTERNAL: u64 = 2;
/// Bytes before the first section.
const HEADER: usize = 8;

/// What looking at a case's validity showed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validity {
    /// Modules that engines were asked about.
    pub modules: u64,
    /// Those among them that every engine refused.
    pub invalid: u64,
    /// Those among them that the external validator was asked about.
    pub external: u64,
    /// Known mistakes by which the external validator took a module for valid.
    pub holes: Vec<Hole>,
    /// The first disagreement.
    pub disagreement: Option<Disagreement>,
}

/// Two engines that do not agree on whether a module is valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disagreement {
    /// The module.
    pub wasm: Vec<u8>,
    /// Whether it is a generated module in which something was broken.
    pub broken: bool,
    /// The engine that disagrees with the one under test.
    pub oracle: String,
    /// What they say.
    pub divergence: Divergence,
}

/// Looks at some of the cases that go by.
#[derive(Debug)]
pub struct Inspector {
    external: Option<WasmValidate>,
}

impl Default for Inspector {
    /// With the external validator, if it is installed.
    fn default() -> Inspector {
        Inspector { external: WasmValidate::find().ok() }
    }
}

impl Inspector {
    /// Looks at a case, if it is one to look at. That and what is broken is drawn from `rng` alone, so that a
    /// disagreement is there again in another process.
    pub fn look(&self, engine: &dyn Engine, oracle: &dyn Engine, case: &Case, rng: &mut Rng) -> Option<Validity> {
        if !rng.one_in(EVERY) {
            return None;
        }
        let asked = rng.one_in(EXTERNAL);
        let external = self.external.as_ref().filter(|_| asked);
        let mut validity = Validity::default();
        // Both engines have compiled the case itself already.
        validity.ask(engine, &case.wasm, false, external.map(|external| external as &dyn Engine));
        validity.ask(engine, &broken(&case.wasm, rng), true, Some(oracle).into_iter().chain(external.map(|e| e as _)));
        Some(validity)
    }
}

impl Validity {
    fn ask<'e>(
        &mut self,
        engine: &dyn Engine,
        wasm: &[u8],
        broken: bool,
        oracles: impl IntoIterator<Item = &'e dyn Engine>,
    ) {
        let (mut asked, mut refused) = (0, 0);
        for oracle in oracles {
            asked += 1;
            self.external += u64::from(!oracle.runs());
            let report = compare::validity(engine, oracle, wasm);
            refused += u64::from(report.not_run.is_some() && report.no_verdict.is_none());
            self.holes.extend(report.hole);
            if let (Some(divergence), None) = (report.divergence, &self.disagreement) {
                let oracle = oracle.name().to_string();
                self.disagreement = Some(Disagreement { wasm: wasm.to_vec(), broken, oracle, divergence });
            }
        }
        self.modules += u64::from(asked > 0);
        self.invalid += u64::from(asked > 0 && refused == asked);
    }
}

/// A module with one thing broken: mostly a byte that is another, so that what surrounds it stays well-formed.
pub fn broken(wasm: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut wasm = wasm.to_vec();
    let Some(room) = wasm.len().checked_sub(HEADER).filter(|room| *room > 0) else { return wasm };
    let at = HEADER + rng.below(room as u64) as usize;
    match rng.below(16) {
        0 => wasm.truncate(at),
        1 => {
            wasm.remove(at);
        }
        2 => wasm.insert(at, rng.next_u64() as u8),
        3..=5 => wasm[at] ^= 1 << rng.below(8),
        6..=8 => wasm[at] = wasm[at].wrapping_add(if rng.one_in(2) { 1 } else { 0xff }),
        // Types, the most frequent operators, and the borders of LEB128.
        9..=11 => wasm[at] = *rng.pick(&[0x7f, 0x7e, 0x7d, 0x7c, 0x70, 0x6f, 0x0b, 0x41, 0x20, 0x1a, 0, 0x80, 0x40]),
        _ => wasm[at] = rng.next_u64() as u8,
    }
    wasm
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Module;
    use crate::engines::by_name;
    use crate::generate::Generator;
    use crate::outcome::Rejection;

    #[test]
    fn what_is_broken_is_mostly_invalid_and_engines_agree() {
        let (engine, oracle) = (by_name("lightbeam").expect("known"), by_name("cranelift-none").expect("known"));
        let mut total = Validity::default();
        for number in 0..200 {
            let mut rng = Rng::new(9, number);
            let wasm = broken(&Generator::Expression.case(9, number).1.wasm, &mut rng);
            total.ask(&*engine, &wasm, true, [&*oracle]);
            assert_eq!(total.disagreement, None, "module {number}");
        }
        assert_eq!(total.modules, 200);
        assert!((60..190).contains(&total.invalid), "{} of 200 are invalid", total.invalid);
    }

    /// A disagreement that a known mistake explains is no finding, and is counted.
    #[test]
    fn holes_are_counted() {
        let Ok(validator) = WasmValidate::find() else { return };
        let engine = by_name("lightbeam").expect("known");
        let select = |taker: &str| {
            let text = format!(
                "(module (func (param i64) (select (result f32) (f32.const 1) (f32.const 1) (i32.const 1)) {taker}))"
            );
            wat::parse_str(text).expect("well-formed text")
        };
        let wrong = select("local.set 0");
        let passes = validator.compile(&wrong).is_ok();
        let mut validity = Validity::default();
        validity.ask(&*engine, &wrong, true, [&validator as &dyn Engine]);
        assert_eq!(validity.disagreement, None);
        assert_eq!(validity.holes, if passes { vec![Hole::TypedSelect] } else { Vec::new() });
        validity.ask(&*engine, &select("drop"), false, [&validator as &dyn Engine]);
        assert_eq!(validity.holes.len(), usize::from(passes));
        // An engine that refuses what is valid has no such excuse.
        validity.ask(&Strict, &select("drop"), false, [&validator as &dyn Engine]);
        assert!(validity.disagreement.is_some());
    }

    /// An engine to which nothing is valid.
    struct Strict;

    impl Engine for Strict {
        fn name(&self) -> &str {
            "strict"
        }

        fn compile(&self, _: &[u8]) -> Result<Box<dyn Module>, Rejection> {
            Err(Rejection::Invalid("made up".to_string()))
        }
    }

    /// An engine to which everything is valid.
    struct Lenient(Box<dyn Engine>);

    impl Engine for Lenient {
        fn name(&self) -> &str {
            "lenient"
        }

        fn compile(&self, _: &[u8]) -> Result<Box<dyn Module>, Rejection> {
            self.0.compile(b"\0asm\x01\0\0\0")
        }
    }

    #[test]
    fn what_an_engine_lets_pass_is_found() {
        let (lenient, oracle) =
            (Lenient(by_name("lightbeam").expect("known")), by_name("cranelift-none").expect("known"));
        let inspector = Inspector { external: None };
        let looked: Vec<Validity> = (0..EVERY * 20)
            .filter_map(|number| {
                let (_, case) = Generator::Expression.case(4, number % 20);
                inspector.look(&lenient, &*oracle, &case, &mut Rng::new(4, number))
            })
            .collect();
        assert!((10..=30).contains(&looked.len()), "{} of about 20", looked.len());
        let found: Vec<_> = looked.iter().filter_map(|validity| validity.disagreement.as_ref()).collect();
        assert!(found.len() > 3, "{} of {}", found.len(), looked.len());
        assert!(found.iter().all(|found| found.broken && found.divergence.what.kind() == "validity"));
    }
}
