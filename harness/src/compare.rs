//! Drives two instances through one plan; the first divergence wins.

use crate::blame::Blame;
use crate::engine::{Engine, Instance};
use crate::engines::holes::Hole;
use crate::host::{Host, Manner};
use crate::linking::{self, Which};
use crate::outcome::{self, Outcome, Rejection, Trap, Verdict};
use crate::panics;
use crate::places;
use crate::plan::{Case, PlannedCall, Variant};
use crate::rewrite::fuel::{self, FuelMode};
use crate::rewrite::path;
use crate::sample::Sample;
use crate::shape::Shape;
use crate::validity::Validity;
use crate::vote::Vote;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// What of two runs differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Observation {
    /// Whether the module is valid.
    Validity,
    /// How a compilation ended otherwise: the engine under test panicked.
    Compile,
    /// How an instantiation ended.
    Instantiate,
    /// How a call ended: its results or its trap.
    Call,
    /// Where a call trapped, when it trapped alike.
    TrapPlace,
    /// The fuel that is left: loops ran or calls happened a different number of times.
    Fuel,
    /// The path that execution took.
    Path,
    /// A global, by its index.
    Global(u32),
    /// The size of a memory.
    MemorySize(u32),
    /// A memory at this byte.
    Memory(u32, u64),
    /// The size of a table.
    TableSize(u32),
    /// A table at this element.
    Table(u32, u64),
    /// The same of the module's second instance.
    Twin(Box<Observation>),
    /// The calls of the host.
    HostCalls,
    /// The process that ran the case died or hung.
    Process,
}

impl Observation {
    /// The kind without indices, for signatures.
    pub const fn kind(&self) -> &'static str {
        match self {
            Observation::Validity => "validity",
            Observation::Compile => "compile",
            Observation::Instantiate => "instantiate",
            Observation::Call => "call",
            Observation::TrapPlace => "trap-place",
            Observation::Fuel => "fuel",
            Observation::Path => "path",
            Observation::Global(_) => "global",
            Observation::MemorySize(_) => "memory-size",
            Observation::Memory(..) => "memory",
            Observation::TableSize(_) => "table-size",
            Observation::Table(..) => "table",
            Observation::Twin(_) => "twin",
            Observation::HostCalls => "host-calls",
            Observation::Process => "process",
        }
    }
}

impl fmt::Display for Observation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Observation::Global(index) => write!(f, "global {index}"),
            Observation::MemorySize(index) => write!(f, "size of memory {index}"),
            Observation::Memory(index, offset) => write!(f, "memory {index} at byte {offset:#x}"),
            Observation::TableSize(index) => write!(f, "size of table {index}"),
            Observation::Table(index, element) => write!(f, "table {index} at element {element}"),
            Observation::Twin(what) => write!(f, "{what} of the twin"),
            other => f.write_str(other.kind()),
        }
    }
}

/// A difference between two engines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Divergence {
    /// What differs.
    pub what: Observation,
    /// After which call of the plan; `None` before the first.
    pub call: Option<usize>,
    /// What the engine under test shows.
    pub ours: String,
    /// What the oracle shows.
    pub oracle: String,
}

impl Divergence {
    /// The process that ran both engines died, or was ended, in this way.
    pub fn death(how: String) -> Divergence {
        let oracle = "the same process".to_string();
        Divergence { what: Observation::Process, call: None, ours: how, oracle }
    }
}

/// What one case showed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Calls made on both engines.
    pub calls: u64,
    /// Calls that returned.
    pub returned: u64,
    /// Calls that trapped alike.
    pub trapped: u64,
    /// Calls, among the returned and trapped, that used up their fuel.
    pub out_of_fuel: u64,
    /// Calls and instantiations without a verdict.
    pub poisoned: u64,
    /// Planned calls that were not made because an instance ended early.
    pub lost: u64,
    /// Whether the instantiation trapped alike, so that nothing could be called.
    pub failed_start: bool,
    /// Why the module was not run at all.
    pub not_run: Option<String>,
    /// Why the comparison ended without a verdict: one side's limit, a missing feature.
    pub no_verdict: Option<String>,
    /// Why the oracle did not compile what the engine under test did. That says nothing about the latter.
    #[serde(default)]
    pub oracle_failed: Option<String>,
    /// What only the oracle shows, against engines that share no code with it or with the one under test.
    #[serde(default)]
    pub lone_oracle: Option<Divergence>,
    /// The known mistake of the oracle by which it takes the module for valid.
    #[serde(default)]
    pub hole: Option<Hole>,
    /// Why the module, read from a file, cannot be parsed.
    #[serde(default)]
    pub malformed: Option<String>,
    /// What looking at the validity of the module, and of a broken one, showed, if anybody did.
    #[serde(default)]
    pub validity: Option<Validity>,
    /// The first divergence. One of a trap's place counts only if there is no other.
    pub divergence: Option<Divergence>,
    /// What the other engines say of it, if anybody asked.
    pub votes: Vec<Vote>,
    /// Whether the divergence is one of a trap's place, and the module can trap where the engine under test says.
    pub plausible_place: bool,
    /// Whether a trap's place differed and was put down to the oracle.
    pub excused: bool,
    /// Whether anybody would have noticed if one operator had been wrong, if that was tried.
    pub sample: Option<Sample>,
    /// Seconds of processor time that it took, if anybody measured.
    pub cpu_seconds: f64,
    /// Which half of the compiler has it, if anybody asked.
    pub blame: Option<Blame>,
}

impl Report {
    /// The difference that it found: of a run, or of whether a module is valid.
    pub fn into_divergence(self) -> Option<Divergence> {
        self.divergence.or_else(|| self.validity?.disagreement.map(|found| found.divergence))
    }
}

/// Runs a case on both engines.
pub fn run(ours: &dyn Engine, oracle: &dyn Engine, case: &Case) -> Report {
    if !ours.runs() || !oracle.runs() {
        return validity(ours, oracle, &case.wasm);
    }
    let mut report = Report::default();
    let bare = if case.plan.variant == Variant::Bare { bare(ours, case) } else { None };
    let case = bare.as_ref().unwrap_or(case);
    match Rewritten::new(case) {
        Ok(Rewritten { wasm, shape }) => drive((ours, &wasm), (oracle, &wasm), case, &shape, &mut report),
        Err(reason) => {
            // It cannot be run, but both sides must still agree on whether it is valid.
            let verdict = compile((ours, &case.wasm), (oracle, &case.wasm), &mut report);
            if verdict.is_some() {
                report.not_run = Some(reason);
            }
        }
    }
    report
}

/// Compares whether two engines take a module for valid, as it is; nothing of it runs.
pub fn validity(ours: &dyn Engine, oracle: &dyn Engine, wasm: &[u8]) -> Report {
    let mut report = Report::default();
    compile((ours, wasm), (oracle, wasm), &mut report);
    report
}

/// The case without fuel, and with only the calls up to the first that needs more than it would have. `None` if
/// there are none: then it is run with fuel.
fn bare(engine: &dyn Engine, case: &Case) -> Option<Case> {
    let Rewritten { wasm, shape } = Rewritten::new(case).ok()?;
    // A start function runs before anyone can tell that it ends.
    if shape.has_start {
        return None;
    }
    let ends = || -> Option<usize> {
        let module = engine.compile(&wasm).ok()?;
        let host = Host::new(case.plan.host_seed, case.plan.manner);
        let mut instance = module.prepare(shape, host).ok()?;
        if !matches!(instance.start(), Outcome::Returned(_)) {
            return None;
        }
        let ends = |call: &PlannedCall| {
            instance.refuel(case.plan.fuel);
            let outcome = instance.call(call.func, &call.args);
            matches!(outcome, Outcome::Returned(_) | Outcome::Trapped(_))
                && instance.fuel().is_some_and(|(_, out)| !out)
        };
        Some(case.plan.calls.iter().map(ends).take_while(|ends| *ends).count())
    };
    // Whatever is wrong here shows when both engines run it.
    let calls = panics::catch(ends).ok().flatten().filter(|calls| *calls > 0)?;
    let mut bare = case.clone();
    bare.plan.calls.truncate(calls);
    bare.plan.fuel_mode = FuelMode::Off;
    Some(bare)
}

/// Runs two modules of one shape by the first one's plan on one engine: whether the difference between
/// them can be seen.
///
/// # Errors
///
/// If a module cannot be rewritten, with the reason.
pub fn run_two(engine: &dyn Engine, case: &Case, other: &Case) -> Result<Report, String> {
    let (one, two) = (Rewritten::new(case)?, Rewritten::new(other)?);
    let mut report = Report::default();
    drive((engine, &one.wasm), (engine, &two.wasm), case, &one.shape, &mut report);
    Ok(report)
}

/// A case's module as engines see it.
struct Rewritten {
    wasm: Vec<u8>,
    shape: Arc<Shape>,
}

impl Rewritten {
    fn new(case: &Case) -> Result<Rewritten, String> {
        let shape = Shape::parse(&case.wasm).map_err(|error| error.to_string())?;
        if !case.fits(&shape) {
            return Err("the plan does not fit the module".to_string());
        }
        let (plan, mut shape) = (&case.plan, shape);
        let mut wasm = Cow::Borrowed(&case.wasm);
        if plan.variant == Variant::Traced {
            let traced = path::trace(&wasm, shape.globals.len() as u32).map_err(|error| error.to_string())?;
            shape = Shape::parse(&traced).map_err(|error| error.to_string())?;
            wasm = Cow::Owned(traced);
        }
        let wasm = fuel::instrument(&wasm, &shape, plan.fuel_mode, plan.nan).map_err(|error| error.to_string())?;
        Ok(Rewritten { wasm, shape: Arc::new(shape) })
    }
}

/// The module as [`run`] gives it to engines, for those who want to look at it.
///
/// # Errors
///
/// If the module cannot be rewritten, with the reason.
pub fn rewritten(case: &Case) -> Result<Vec<u8>, String> {
    Ok(Rewritten::new(case)?.wasm)
}

/// An engine and the module that it runs.
type Side<'a> = (&'a dyn Engine, &'a [u8]);
type Compiled = (Box<dyn crate::engine::Module>, Box<dyn crate::engine::Module>);

/// Compiles on both. `None` when they differ; `Some(None)` when there is nothing to run.
#[expect(clippy::option_option, reason = "the two absences mean different things, and it is used twice")]
fn compile(ours: Side<'_>, oracle: Side<'_>, report: &mut Report) -> Option<Option<Compiled>> {
    let one = |(engine, wasm): Side<'_>| match panics::catch(|| engine.compile(wasm)) {
        Ok(Ok(module)) => (Some(module), Outcome::Returned(Vec::new())),
        Ok(Err(rejection)) => (None, Outcome::Rejected(rejection)),
        Err(message) => (None, Outcome::Panicked(message)),
    };
    let (our_module, our_outcome) = one(ours);
    let (oracle_module, oracle_outcome) = one(oracle);
    if our_module.is_some() && matches!(oracle_outcome, Outcome::Panicked(_)) {
        let reason = oracle_outcome.to_string();
        report.oracle_failed = Some(reason.clone());
        report.no_verdict = Some(reason.clone());
        report.not_run = Some(reason);
        return Some(None);
    }
    match outcome::compare(&our_outcome, &oracle_outcome) {
        Verdict::Differ => {
            let panicked =
                matches!(our_outcome, Outcome::Panicked(_)) || matches!(oracle_outcome, Outcome::Panicked(_));
            let what = if panicked { Observation::Compile } else { Observation::Validity };
            if let (None, false, Some(hole)) = (&our_module, panicked, oracle.0.hole(oracle.1)) {
                let reason = format!("{} lets it pass: {hole}", oracle.0.name());
                report.hole = Some(hole);
                report.no_verdict = Some(reason.clone());
                report.not_run = Some(reason);
                return Some(None);
            }
            report.divergence = Some(differ(what, None, &our_outcome, &oracle_outcome));
            return None;
        }
        Verdict::NoVerdict(reason) => {
            if our_module.is_some() {
                report.oracle_failed = Some(reason.clone());
            }
            report.no_verdict = Some(reason.clone());
            report.not_run = Some(reason);
        }
        Verdict::Equal => {
            if let Outcome::Rejected(Rejection::Invalid(_)) = our_outcome {
                report.not_run = Some("invalid on both engines".to_string());
            }
        }
    }
    Some(our_module.zip(oracle_module))
}

fn drive(ours: Side<'_>, oracle: Side<'_>, case: &Case, shape: &Arc<Shape>, report: &mut Report) {
    let our_wasm = ours.1;
    let Some(Some((our_module, oracle_module))) = compile(ours, oracle, report) else { return };
    let prepare = |module: &dyn crate::engine::Module| {
        let host = Host::new(case.plan.host_seed, case.plan.manner);
        panics::catch(|| module.prepare(shape.clone(), host))
    };
    let (mut ours, mut oracle) = match (prepare(&*our_module), prepare(&*oracle_module)) {
        (Ok(Ok(ours)), Ok(Ok(oracle))) => (ours, oracle),
        (Err(message), _) | (_, Err(message)) => {
            let panicked = Outcome::Panicked(message);
            report.divergence = Some(differ(Observation::Instantiate, None, &panicked, &panicked));
            return;
        }
        (Ok(Err(reason)), _) | (_, Ok(Err(reason))) => {
            let reason = format!("imports: {reason}");
            report.no_verdict = Some(reason.clone());
            report.not_run = Some(reason);
            return;
        }
    };
    let (our_outcome, oracle_outcome) = (guarded(&mut *ours, |i| i.start()), guarded(&mut *oracle, |i| i.start()));
    match outcome::compare(&our_outcome, &oracle_outcome) {
        Verdict::Differ => {
            report.divergence = Some(differ(Observation::Instantiate, None, &our_outcome, &oracle_outcome));
            return;
        }
        Verdict::NoVerdict(reason) => {
            report.no_verdict = Some(reason);
            report.poisoned += 1;
            report.lost = case.plan.calls.len() as u64;
            return;
        }
        Verdict::Equal => {}
    }
    report.divergence = state(case, shape, &mut *ours, &mut *oracle, None);
    if report.divergence.is_some() {
        return;
    }
    if !matches!(our_outcome, Outcome::Returned(_)) {
        report.failed_start = true;
        report.lost = case.plan.calls.len() as u64;
        return;
    }
    let place = calls(case, shape, &mut *ours, &mut *oracle, report);
    if let (None, Some((divergence, trap))) = (&report.divergence, place) {
        report.plausible_place = places::plausible(our_wasm, &trap);
        report.divergence = Some(divergence);
    }
}

/// Makes the calls. Returns the first difference of a trap's place, which does not end the comparison, and the
/// trap of the engine under test.
fn calls(
    case: &Case,
    shape: &Shape,
    ours: &mut dyn Instance,
    oracle: &mut dyn Instance,
    report: &mut Report,
) -> Option<(Divergence, Trap)> {
    let mut place = None;
    for (number, call) in case.plan.calls.iter().enumerate() {
        ours.refuel(case.plan.fuel);
        oracle.refuel(case.plan.fuel);
        let our_outcome = guarded(ours, |i| i.call(call.func, &call.args));
        let oracle_outcome = guarded(oracle, |i| i.call(call.func, &call.args));
        report.calls += 1;
        match outcome::compare(&our_outcome, &oracle_outcome) {
            Verdict::Differ => match (&our_outcome, &oracle_outcome) {
                (Outcome::Trapped(ours), Outcome::Trapped(oracle)) if ours.kind == oracle.kind => {
                    place.get_or_insert_with(|| {
                        let what = Observation::TrapPlace;
                        (differ(what, Some(number), &our_outcome, &oracle_outcome), ours.clone())
                    });
                }
                _ => {
                    report.divergence = Some(differ(Observation::Call, Some(number), &our_outcome, &oracle_outcome));
                    return None;
                }
            },
            Verdict::NoVerdict(reason) => {
                report.no_verdict = Some(reason);
                report.poisoned += 1;
                report.lost = (case.plan.calls.len() - number - 1) as u64;
                return place;
            }
            Verdict::Equal => {}
        }
        match our_outcome {
            Outcome::Returned(_) => report.returned += 1,
            _ => report.trapped += 1,
        }
        report.out_of_fuel += u64::from(ours.fuel().is_some_and(|(_, out)| out));
        report.divergence = state(case, shape, ours, oracle, Some(number));
        if report.divergence.is_some() {
            return None;
        }
    }
    place
}

fn guarded(instance: &mut dyn Instance, f: impl FnOnce(&mut dyn Instance) -> Outcome) -> Outcome {
    panics::catch(|| f(instance)).unwrap_or_else(Outcome::Panicked)
}

fn differ(what: Observation, call: Option<usize>, ours: &impl ToString, oracle: &impl ToString) -> Divergence {
    Divergence { what, call, ours: ours.to_string(), oracle: oracle.to_string() }
}

/// Compares all state, the cheap first.
fn state(
    case: &Case,
    shape: &Shape,
    ours: &mut dyn Instance,
    oracle: &mut dyn Instance,
    call: Option<usize>,
) -> Option<Divergence> {
    let found = |what, ours: &dyn fmt::Debug, oracle: &dyn fmt::Debug| {
        Some(Divergence { what, call, ours: format!("{ours:?}"), oracle: format!("{oracle:?}") })
    };
    let (a, b) = (ours.fuel(), oracle.fuel());
    if a != b {
        return found(Observation::Fuel, &a, &b);
    }
    let of = |which, what| if which == Which::Own { what } else { Observation::Twin(Box::new(what)) };
    let instances = if case.plan.manner == Manner::Linked { &[Which::Own, Which::Twin][..] } else { &[Which::Own] };
    for which in instances.iter().copied() {
        for (index, at) in linking::space(shape.globals.len(), which) {
            let (a, b) = (ours.global(at), oracle.global(at));
            if a != b {
                let traced = case.plan.variant == Variant::Traced && index as usize + 1 == shape.globals.len();
                let what = if traced { Observation::Path } else { Observation::Global(index) };
                return found(of(which, what), &a, &b);
            }
        }
        for (index, at) in linking::space(shape.memories.len(), which) {
            let (a, b) = (ours.memory(at), oracle.memory(at));
            let (a_len, b_len) = (a.map(<[u8]>::len), b.map(<[u8]>::len));
            if a_len != b_len {
                return found(of(which, Observation::MemorySize(index)), &a_len, &b_len);
            }
            if let (Some(a), Some(b)) = (a, b)
                && a != b
            {
                let at = a.iter().zip(b).position(|(a, b)| a != b).unwrap_or(0);
                let end = a.len().min(at + 16);
                return found(of(which, Observation::Memory(index, at as u64)), &&a[at..end], &&b[at..end]);
            }
        }
        for (index, at) in linking::space(shape.tables.len(), which) {
            let (a, b) = (ours.table_size(at), oracle.table_size(at));
            if a != b {
                return found(of(which, Observation::TableSize(index)), &a, &b);
            }
            for element in 0..a.unwrap_or(0) {
                let (a, b) = (ours.table_get(at, element), oracle.table_get(at, element));
                if a != b {
                    return found(of(which, Observation::Table(index, element)), &a, &b);
                }
            }
        }
    }
    let (a, b) = (ours.take_trace(), oracle.take_trace());
    if a != b {
        return found(Observation::HostCalls, &a, &b);
    }
    None
}
