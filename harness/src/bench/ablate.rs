//! What each optional rewrite is worth: everything switched on over everything but one kind, in bytes of code and in time;
//! and the register that holds the base of memory 0 over the segment.
//!
//! Code is counted on the programs and on modules that need not run. Time is measured on the programs as in the other
//! suites: a ratio is taken within a round in which all configurations had their turn. A program whose code a switch
//! does not change has the run-time ratio 1 without being measured.

use super::execute::{self, Runner};
use super::rounds::{self, Contender, Effort};
use super::stats::{Summary, geometric_mean};
use super::{Case, Machine, OURS, Suite, compile};
use crate::engines::setup::Setup;
use anyhow::{Context, Result, bail};
use lightbeam::code::Code;
use lightbeam::{MemoryBase, Rewrite, Switches};
use serde::Serialize;
use std::collections::BTreeMap;
use std::str::FromStr;

/// The name that stands for all kinds of rewrites together.
pub const EVERYTHING: &str = "all";
/// The name of the register that holds the base of memory 0. Without it, the segment does.
pub const BASE_REGISTER: &str = "base-register";

/// What is switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ablation {
    /// A kind of rewrite.
    Rewrite(Rewrite),
    /// The register that holds the base of memory 0.
    BaseRegister,
    /// All kinds of rewrites.
    Everything,
}

impl Ablation {
    /// Each kind, the register where the segment can take its place, and then all kinds together.
    pub fn list() -> Vec<Ablation> {
        let base = MemoryBase::Segment.is_permitted().then_some(Ablation::BaseRegister);
        Rewrite::ALL.into_iter().map(Ablation::Rewrite).chain(base).chain([Ablation::Everything]).collect()
    }

    /// The kind's name, [`BASE_REGISTER`], or [`EVERYTHING`].
    pub const fn name(self) -> &'static str {
        match self {
            Ablation::Rewrite(kind) => kind.name(),
            Ablation::BaseRegister => BASE_REGISTER,
            Ablation::Everything => EVERYTHING,
        }
    }

    /// What stays on.
    pub const fn without(self, setup: Setup) -> Setup {
        match self {
            Ablation::Rewrite(kind) => Setup { switches: setup.switches.without(kind), ..setup },
            Ablation::BaseRegister => Setup { memory_base: MemoryBase::Segment, ..setup },
            Ablation::Everything => Setup { switches: Switches::NONE, ..setup },
        }
    }
}

impl FromStr for Ablation {
    type Err = String;

    fn from_str(name: &str) -> Result<Ablation, String> {
        let list = Ablation::list();
        let names: Vec<&str> = list.iter().map(|ablation| ablation.name()).collect();
        let found = list.iter().find(|ablation| ablation.name() == name).copied();
        found.ok_or_else(|| format!("there is no such switch; there are {}", names.join(", ")))
    }
}

/// What to measure.
#[derive(Debug, Clone)]
pub struct Options {
    /// What is meant by time: [`Suite::Execute`], [`Suite::Simd`] or [`Suite::Compile`].
    pub suite: Suite,
    /// The configuration in which everything is on.
    pub setup: Setup,
    /// What is switched off, one after the other.
    pub ablations: Vec<Ablation>,
    /// Modules whose time and code count.
    pub programs: Vec<Case>,
    /// Modules whose code alone counts.
    pub modules: Vec<Case>,
    /// How long to measure.
    pub effort: Effort,
}

/// What was found on one module. Ratios are those with everything on over those without the switch that is named.
#[derive(Debug, Clone, Serialize)]
pub struct Subject {
    /// The module's name.
    pub name: String,
    /// The module's size in bytes.
    pub bytes: usize,
    /// Bytes of code with everything on.
    pub code_bytes: usize,
    /// Bytes of code by switch.
    pub code: BTreeMap<&'static str, f64>,
    /// The switches that change its code.
    pub changed: Vec<&'static str>,
    /// Time by switch; nothing for a module that was not to be timed.
    pub time: BTreeMap<&'static str, Summary>,
    /// Why this module counts for nothing, if it does not.
    pub void: Option<String>,
    /// Time by switch and round.
    #[serde(skip)]
    rounds: BTreeMap<&'static str, Vec<f64>>,
}

impl Subject {
    fn new(case: &Case) -> Subject {
        Subject {
            name: case.name.clone(),
            bytes: case.wasm.len(),
            code_bytes: 0,
            code: BTreeMap::new(),
            changed: Vec::new(),
            time: BTreeMap::new(),
            void: None,
            rounds: BTreeMap::new(),
        }
    }
}

/// The effect of a switch: ratios, below 1 where the rewrite pays.
#[derive(Debug, Clone, Serialize)]
pub struct Effect {
    /// The switch.
    pub switch: &'static str,
    /// Bytes of the programs' code, the geometric mean.
    pub program_code: Option<f64>,
    /// Bytes of the modules' code, the geometric mean.
    pub module_code: Option<f64>,
    /// Time: of the geometric means over the programs by round, the median with its interval.
    pub time: Option<Summary>,
    /// The program that gains most time, of those that were measured.
    pub best: Option<Extreme>,
    /// The program that gains least time, or loses most.
    pub worst: Option<Extreme>,
    /// How many programs have other code for it.
    pub changed: usize,
}

/// A program at one end of the range.
#[derive(Debug, Clone, Serialize)]
pub struct Extreme {
    /// The program.
    pub program: String,
    /// Its median ratio.
    pub ratio: f64,
}

/// What an ablation says.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Where it ran.
    pub machine: Machine,
    /// What was timed.
    pub suite: Suite,
    /// The switches, in order.
    pub switches: Vec<Effect>,
    /// Modules whose time and code counted.
    pub programs: Vec<Subject>,
    /// Modules whose code alone counted.
    pub modules: Vec<Subject>,
}

impl Report {
    /// Names of the modules that are void, with the reasons.
    pub fn void(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.programs.iter().chain(&self.modules);
        all.filter_map(|subject| Some((subject.name.as_str(), subject.void.as_deref()?)))
    }
}

/// Measures the effect of each switch; `progress` hears of each module before its turn.
///
/// # Errors
///
/// If the suite is not one of the three, or if this CPU cannot run compiled code. What goes wrong with one module is
/// said at that module.
pub fn run(options: &Options, mut progress: impl FnMut(&str)) -> Result<Report> {
    if options.suite == Suite::Microwasm {
        bail!("switches are measured in the suites `execute`, `simd` and `compile`, not in `microwasm`");
    }
    // On a machine that cannot run compiled code nothing is measured.
    lightbeam::Engine::new(&options.setup.config())?;
    let mut subjects = |cases: &[Case], timed: bool| -> Vec<Subject> {
        let measure = |case: &Case| {
            progress(&case.name);
            let mut subject = Subject::new(case);
            if let Err(error) = measure(case, timed, options, &mut subject) {
                subject.void = Some(format!("{error:#}"));
            }
            subject
        };
        cases.iter().map(measure).collect()
    };
    let programs = subjects(&options.programs, true);
    let modules = subjects(&options.modules, false);
    let switches =
        options.ablations.iter().map(|ablation| effect(ablation.name(), options.suite, &programs, &modules)).collect();
    Ok(Report { machine: Machine::this(), suite: options.suite, switches, programs, modules })
}

/// Measures one module.
fn measure(case: &Case, timed: bool, options: &Options, subject: &mut Subject) -> Result<()> {
    let code =
        |setup: Setup| -> Result<Code> { Ok(lightbeam::compile::compile(&case.wasm, &setup.compiler_config()?)?.code) };
    let on = code(options.setup)?;
    subject.code_bytes = on.bytes.len();
    let mut changed = Vec::new();
    for ablation in &options.ablations {
        let name = ablation.name();
        let off = code(ablation.without(options.setup)).with_context(|| format!("without {name}"))?;
        subject.code.insert(name, ratio(on.bytes.len(), off.bytes.len()));
        if off.bytes != on.bytes {
            changed.push(*ablation);
            subject.changed.push(name);
        }
    }
    if !timed {
        return Ok(());
    }

    let mut contenders = match options.suite {
        Suite::Compile => compiling(case, options.setup, &options.ablations)?,
        _ => running(case, options.setup, &changed)?,
    };
    if contenders.len() > 1 {
        let samples = rounds::measure(&mut contenders, &options.effort)?;
        for (contender, theirs) in contenders.iter().zip(&samples).skip(1) {
            let ratios = samples[0].iter().zip(theirs).map(|(on, off)| on / off).collect();
            subject.rounds.insert(contender.name(), ratios);
        }
    }
    for ablation in &options.ablations {
        // The same code runs as fast as itself. No program has more rounds than these.
        let most = options.effort.rounds.max(Effort::FEWEST_ROUNDS);
        let ratios = subject.rounds.entry(ablation.name()).or_insert_with(|| vec![1.0; most]);
        subject.time.extend(Summary::of(ratios).map(|summary| (ablation.name(), summary)));
    }
    Ok(())
}

/// Bytes over bytes; a module without any code is unchanged.
fn ratio(on: usize, off: usize) -> f64 {
    if on == off { 1.0 } else { on as f64 / off as f64 }
}

/// The program as it is compiled with everything on, and then without what is said.
fn compiling<'a>(case: &'a Case, setup: Setup, ablations: &[Ablation]) -> Result<Vec<Box<dyn Contender + 'a>>> {
    configurations(setup, ablations)
        .map(|(name, setup)| -> Result<Box<dyn Contender + 'a>> {
            Ok(Box::new(compile::Lightbeam::new(name, &case.wasm, &setup)?))
        })
        .collect()
}

/// The program as it runs with everything on, and then without what is said.
fn running(case: &Case, setup: Setup, ablations: &[Ablation]) -> Result<Vec<Box<dyn Contender>>> {
    let expected = execute::expected(case)?;
    configurations(setup, ablations)
        .map(|(name, setup)| -> Result<Box<dyn Contender>> {
            let run = execute::ours(&case.wasm, &setup).context(name)?;
            Ok(Box::new(Runner { name, run, expected }))
        })
        .collect()
}

/// Everything on, and then without what is said.
fn configurations(setup: Setup, ablations: &[Ablation]) -> impl Iterator<Item = (&'static str, Setup)> {
    let without = ablations.iter().map(move |ablation| (ablation.name(), ablation.without(setup)));
    [(OURS, setup)].into_iter().chain(without)
}

/// What a switch does to all programs and modules that are not void.
fn effect(switch: &'static str, suite: Suite, programs: &[Subject], modules: &[Subject]) -> Effect {
    let programs: Vec<&Subject> = programs.iter().filter(|subject| subject.void.is_none()).collect();
    let code = |subject: &Subject| subject.code.get(switch).copied();
    let rounds: Vec<&[f64]> =
        programs.iter().filter_map(|subject| Some(subject.rounds.get(switch)?.as_slice())).collect();
    let extreme =
        |subject: &&Subject| Some(Extreme { program: subject.name.clone(), ratio: subject.time.get(switch)?.median });
    let measured = programs.iter().filter(|subject| suite == Suite::Compile || subject.changed.contains(&switch));
    let mut by_time: Vec<Extreme> = measured.filter_map(extreme).collect();
    by_time.sort_by(|a, b| a.ratio.total_cmp(&b.ratio));
    Effect {
        switch,
        program_code: geometric_mean(programs.iter().filter_map(|subject| code(subject))),
        module_code: geometric_mean(modules.iter().filter(|subject| subject.void.is_none()).filter_map(code)),
        time: mean_by_round(&rounds),
        best: by_time.first().cloned(),
        worst: by_time.last().cloned(),
        changed: programs.iter().filter(|subject| subject.changed.contains(&switch)).count(),
    }
}

/// The geometric mean over programs in each round that all of them have, summarised.
fn mean_by_round(programs: &[&[f64]]) -> Option<Summary> {
    let count = programs.iter().map(|rounds| rounds.len()).min()?;
    let means: Option<Vec<f64>> =
        (0..count).map(|round| geometric_mean(programs.iter().map(|rounds| rounds[round]))).collect();
    Summary::of(&means?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn module(name: &str, text: &str) -> Case {
        let wasm = wat::parse_str(text).expect("it is well-formed").into();
        Case { name: name.to_string(), wasm, program: None, twin: None, real: false }
    }

    /// Multiplies a thousand times: only constants give a rewrite something to do.
    const COUNTS: &str = r#"(module (func (export "run") (result i32) (local $x i32) (local $n i32)
        (local.set $x (i32.const 5))
        (loop $again
            (local.set $n (i32.add (local.get $n) (i32.const 1)))
            (local.set $x (i32.mul (local.get $x) (i32.const 77777)))
            (br_if $again (i32.lt_u (local.get $n) (i32.const 1000))))
        (local.get $x)))"#;

    fn options(suite: Suite, ablations: &[&str]) -> Options {
        Options {
            suite,
            setup: Setup::DEFAULT,
            ablations: ablations.iter().map(|name| name.parse().expect("it is a switch")).collect(),
            programs: vec![module("counts", COUNTS), module("stuck", "(module (func))")],
            modules: vec![module("empty", "(module)"), module("wrong", "(module (func i32.add drop))")],
            effort: Effort { rounds: 3, round: Duration::ZERO, budget: Duration::ZERO },
        }
    }

    #[test]
    fn each_switch_is_measured_where_it_does_something() {
        let report = run(&options(Suite::Execute, &["immediate", "reciprocal"]), |_| {}).expect("it can be measured");
        let void: Vec<&str> = report.void().map(|(name, _)| name).collect();
        assert_eq!(void, ["stuck", "wrong"]);
        let [immediate, reciprocal] = &report.switches[..] else { panic!("two switches") };
        assert!(immediate.program_code.is_some_and(|ratio| ratio < 1.0), "{immediate:?}");
        assert_eq!((immediate.changed, immediate.module_code), (1, Some(1.0)));
        let counts = &report.programs[0];
        let same = Summary { median: 1.0, low: 1.0, high: 1.0 };
        assert_eq!((reciprocal.changed, reciprocal.time), (0, Some(same)), "nothing is divided");
        assert_eq!((counts.changed.as_slice(), counts.code["reciprocal"]), (["immediate"].as_slice(), 1.0));
        assert_ne!(counts.time["immediate"], same, "it was measured");
        assert_eq!(immediate.best.as_ref().map(|best| best.program.as_str()), Some("counts"));
    }

    #[test]
    fn compile_time_is_that_of_every_configuration() {
        let options = options(Suite::Compile, &["reciprocal"]);
        let report = run(&options, |_| {}).expect("it can be measured");
        assert!(report.programs.iter().all(|subject| subject.time.contains_key("reciprocal")));
        assert_ne!(report.programs[0].time["reciprocal"], Summary { median: 1.0, low: 1.0, high: 1.0 });
        assert!(run(&Options { suite: Suite::Microwasm, ..options }, |_| {}).is_err());
    }

    #[test]
    fn names_are_switches() {
        let base = usize::from(MemoryBase::Segment.is_permitted());
        assert_eq!(Ablation::list().len(), Rewrite::ALL.len() + base + 1);
        assert_eq!(
            "immediate".parse::<Ablation>().map(|one| one.without(Setup::DEFAULT).switches),
            Ok(Switches::ALL.without(Rewrite::Immediate))
        );
        assert_eq!("all".parse::<Ablation>(), Ok(Ablation::Everything));
        assert_eq!(Ablation::Everything.without(Setup::DEFAULT).switches, Switches::NONE);
        assert_eq!(Ablation::BaseRegister.without(Setup::DEFAULT).memory_base, MemoryBase::Segment);
        assert!("fast".parse::<Ablation>().is_err_and(|error| error.contains("fuse-test") && error.contains("all")));
    }

    #[test]
    fn means_are_taken_within_rounds() {
        assert_eq!(mean_by_round(&[]), None);
        let summary = mean_by_round(&[&[0.5, 1.0, 2.0, 9.0], &[2.0, 1.0, 2.0]]).expect("there are rounds");
        assert!((summary.median - 1.0).abs() < 1e-12 && (summary.high - 2.0).abs() < 1e-12, "{summary:?}");
    }
}
