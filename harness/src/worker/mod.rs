//! Cases run in processes of their own, so that a crash costs one case and never the run.
//!
//! The pool starts the same binary again as `lightbeam worker`, and speaks with it in lines of
//! JSON: [`Work`] down, [`Message`] up. A worker names each case before it runs it.

pub mod confirm;
pub mod pool;
pub mod roster;

use crate::blame::{self, Blame};
use crate::compare::{self, Report};
use crate::cpu;
use crate::engines::interpreter::Interpreter;
use crate::engines::mutant::{self, Mutant};
use crate::generate::Generator;
use crate::plan::{Case, Plan};
use crate::rng::Rng;
use crate::sample::Sampler;
use crate::shape::Shape;
use crate::validity::Inspector;
use crate::vote;
use anyhow::{Context, Result, bail};
use roster::{Roster, Stable};
use serde::{Deserialize, Serialize};
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;
use xxhash_rust::xxh3::xxh3_64;

/// The stack of the thread that runs cases, in bytes. Engines may use 16 MiB of it.
const STACK_BYTES: usize = 64 << 20;

/// How often a worker looks whether its pool is still there.
const ORPHAN_CHECK: Duration = Duration::from_millis(500);

/// What to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    /// Generated modules of a seed: these numbers.
    Generated {
        /// The seed.
        seed: u64,
        /// The first number.
        first: u64,
        /// How many.
        count: u64,
        /// What makes them.
        generator: Generator,
    },
    /// A file: a finding, or a module from the world.
    File {
        /// The file.
        path: PathBuf,
        /// The seed of the calls, if the file holds none.
        seed: u64,
    },
}

/// What a worker says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Message {
    /// The next case of the work starts.
    Start {
        /// Its number in the work.
        number: u64,
    },
    /// That case is done.
    Report(Box<Report>),
    /// The case could not be read.
    Unreadable(String),
    /// The work is done.
    Done,
}

impl Work {
    /// How many cases it has.
    pub fn len(&self) -> u64 {
        match self {
            Work::Generated { count, .. } => *count,
            Work::File { .. } => 1,
        }
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rest of the work, from this case on.
    pub fn skip(&self, cases: u64) -> Option<Work> {
        match self {
            Work::Generated { seed, first, count, generator } if cases < *count => {
                Some(Work::Generated { seed: *seed, first: first + cases, count: count - cases, generator: *generator })
            }
            Work::Generated { .. } => None,
            Work::File { .. } => (cases == 0).then(|| self.clone()),
        }
    }

    /// The case with this number alone.
    pub fn only(&self, number: u64) -> Work {
        match self {
            Work::Generated { seed, first, generator, .. } => {
                Work::Generated { seed: *seed, first: first + number, count: 1, generator: *generator }
            }
            Work::File { .. } => self.clone(),
        }
    }

    /// The case with this number in the work.
    ///
    /// # Errors
    ///
    /// If a file cannot be read.
    pub fn case(&self, number: u64) -> Result<Case> {
        match self {
            Work::Generated { seed, first, generator, .. } => Ok(generator.case(*seed, first + number).1),
            Work::File { path, seed } => load(path, *seed),
        }
    }

    /// Where that case comes from, in words.
    pub fn origin(&self, number: u64) -> String {
        match self {
            Work::Generated { seed, first, generator, .. } => {
                format!("generator {}, seed {seed}, module {}", generator.name(), first + number)
            }
            Work::File { path, .. } => path.display().to_string(),
        }
    }

    /// The generator that makes the case with this number; `None` for a file.
    pub fn generator(&self, number: u64) -> Option<Generator> {
        match self {
            Work::Generated { seed, first, generator, .. } => Some(generator.of(*seed, first + number)),
            Work::File { .. } => None,
        }
    }

    /// What the engines of the case with this number are drawn by.
    fn lot(&self, number: u64) -> (u64, u64) {
        match self {
            Work::Generated { seed, first, .. } => (*seed, first + number),
            Work::File { path, seed } => (*seed, xxh3_64(path.as_os_str().as_encoded_bytes())),
        }
    }

    /// The engine and the oracle that run the case with this number.
    ///
    /// # Errors
    ///
    /// As [`Roster::names`].
    pub fn engines<'r>(&self, engine: &'r Roster, oracle: &'r Roster, number: u64) -> Result<(&'r str, &'r str)> {
        let lot = self.lot(number);
        if self.generator(number) == Some(Generator::RelaxedGrid) {
            // Without the CPU's fused multiplication ours rounds some of these operators twice, which is permitted, and
            // wasmi has none of them.
            return Ok((drawn_without("baseline", engine, lot, 1)?, drawn_without("wasmi", oracle, lot, 2)?));
        }
        Ok((engine.draw(lot.0, lot.1, 1)?, oracle.draw(lot.0, lot.1, 2)?))
    }
}

/// An engine of a roster whose name does not contain `avoided`, if there is one to be found.
fn drawn_without<'r>(avoided: &str, roster: &'r Roster, (seed, lot): (u64, u64), salt: u64) -> Result<&'r str> {
    const TRIES: u64 = 32;
    for attempt in 0..TRIES {
        let name = roster.draw(seed, lot, salt + 0x100 * attempt)?;
        if !name.contains(avoided) {
            return Ok(name);
        }
    }
    roster.draw(seed, lot, salt)
}

/// Reads a case: a `.wasm` or a `.wat`, with or without a plan.
///
/// # Errors
///
/// If the file cannot be read, or is neither.
pub fn load(path: &Path, seed: u64) -> Result<Case> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let wasm = wat::parse_bytes(&bytes).with_context(|| format!("cannot parse {}", path.display()))?.into_owned();
    if let Some(plan) = Case::plan_of_text(&bytes).with_context(|| path.display().to_string())? {
        return Ok(Case { wasm, plan });
    }
    if let Some(case) = Case::from_envelope(&wasm) {
        return Ok(case);
    }
    if has_plan(&wasm) {
        bail!("{} holds a plan that cannot be read", path.display());
    }
    if !wasm.starts_with(b"\0asm") {
        bail!("{} is not a Wasm module", path.display());
    }
    // A module whose shape cannot be told has no calls; whether it is valid is still compared.
    let shape = Shape::parse(&wasm).unwrap_or_default();
    let plan = Plan::real(&shape, seed);
    Ok(Case { wasm, plan })
}

/// Whether a module holds a plan, of whatever form.
fn has_plan(wasm: &[u8]) -> bool {
    wasmparser::Parser::new(0).parse_all(wasm).map_while(Result::ok).any(|payload| {
        matches!(payload, wasmparser::Payload::CustomSection(section) if section.name() == crate::plan::SECTION)
    })
}

/// Why a file's module cannot be parsed, if it cannot: it may have been cut off.
fn malformed(wasm: &[u8]) -> Option<String> {
    let mut payloads = wasmparser::Parser::new(0).parse_all(wasm);
    payloads.find_map(|payload| payload.err()).map(|error| error.to_string())
}

/// The main loop of a worker, in which this seeded bug acts (0 for none): reads work from standard input until it ends.
///
/// # Errors
///
/// If there is no such bug, if an engine cannot be made, or if the pool has gone.
pub fn main(engine: &Roster, oracle: &Roster, seeded_bug: u32) -> Result<()> {
    crate::mutants::select(seeded_bug)?;
    let (engine, oracle) = (engine.clone(), oracle.clone());
    std::thread::Builder::new().spawn(leave_with(std::os::unix::process::parent_id()))?;
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || -> Result<()> {
        let mut stable = Stable::default();
        // A bug that acts may crash on what is made wrong, too.
        let mut sampler = (seeded_bug == 0).then(Sampler::default);
        let inspector = Inspector::default();
        for line in std::io::stdin().lock().lines() {
            let work: Work = serde_json::from_str(&line?)?;
            serve(&work, &engine, &oracle, &mut stable, &mut sampler, &inspector)?;
        }
        Ok(())
    })?;
    match thread.join() {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// Ends this process when the one that has started it is gone: it does so by itself only between two cases, and a case
/// may hang.
pub(crate) fn leave_with(pool: u32) -> impl FnOnce() + Send {
    move || {
        while std::os::unix::process::parent_id() == pool {
            std::thread::sleep(ORPHAN_CHECK);
        }
        std::process::exit(1);
    }
}

fn serve(
    work: &Work,
    engine: &Roster,
    oracle: &Roster,
    stable: &mut Stable,
    sampler: &mut Option<Sampler>,
    inspector: &Inspector,
) -> Result<()> {
    for number in 0..work.len() {
        say(&Message::Start { number })?;
        let (engine, oracle) = work.engines(engine, oracle, number)?;
        let begin = cpu::seconds(cpu::Of::Process);
        match work.case(number) {
            Ok(case) => {
                let file = work.generator(number).is_none();
                // Rewriting may repair what is not valid: such a file is compared as it is.
                let mut report = if file && wasmparser::validate(&case.wasm).is_err() {
                    validity(engine, oracle, &case.wasm, stable)?
                } else {
                    report(engine, oracle, &case, stable)?
                };
                if file {
                    report.malformed = malformed(&case.wasm);
                } else if report.divergence.is_none() {
                    let (seed, lot) = work.lot(number);
                    let mut rng = Rng::new(seed ^ 0x7661_6c69_6469_7479, lot);
                    let (engine, oracle) = (stable.ready(engine)?, stable.ready(oracle)?);
                    report.validity = inspector.look(&*engine, &*oracle, &case, &mut rng);
                }
                if let Some(sampler) = sampler
                    && work.generator(number).is_some()
                    && report.divergence.is_none()
                {
                    report.sample = sampler.take(&*stable.ready(engine)?, &case);
                }
                report.cpu_seconds = cpu::seconds(cpu::Of::Process) - begin;
                say(&Message::Report(Box::new(report)))?;
            }
            Err(error) => say(&Message::Unreadable(format!("{error:#}")))?,
        }
    }
    say(&Message::Done)
}

/// Compares whether engines take a module for valid, and lets the others vote if they do not agree.
fn validity(engine: &str, oracle: &str, wasm: &[u8], stable: &mut Stable) -> Result<Report> {
    let (engine, oracle) = (stable.ready(engine)?, stable.ready(oracle)?);
    let mut report = compare::validity(&*engine, &*oracle, wasm);
    if report.divergence.is_some() {
        report.votes = vote::vote_on_validity(&*engine, &*oracle, wasm, stable);
    }
    Ok(report)
}

/// Runs a case, and if it shows a divergence lets the other engines vote and says who is to blame.
///
/// # Errors
///
/// If there is no engine of a name.
pub fn report(engine: &str, oracle: &str, case: &Case, stable: &mut Stable) -> Result<Report> {
    let (engine, oracle) = (stable.ready(engine)?, stable.ready(oracle)?);
    let mut report = compare::run(&*engine, &*oracle, case);
    if let Some(inner) = mutant::inner(oracle.name())
        && report.divergence.is_some()
        && changes_meaning(case, inner, engine.name())?
    {
        let reason = "the mutant means something else, to another engine too".to_string();
        return Ok(Report { no_verdict: Some(reason.clone()), not_run: Some(reason), ..Report::default() });
    }
    if let Some(divergence) = report.divergence.clone() {
        report.votes = vote::vote(&*engine, &*oracle, case, &divergence, stable);
        report.excused = vote::excuses(&report);
        if oracle.runs() && vote::refuses_alone(&report) {
            let reason = format!("it alone refuses the module: {}", divergence.oracle);
            report.oracle_failed = Some(reason.clone());
            report.not_run = Some(reason);
            report.divergence = None;
        } else if report.excused {
            report.divergence = None;
        } else if vote::stands_alone(&report, oracle.name()) {
            report.lone_oracle = report.divergence.take();
        } else {
            report.blame = match mutant::inner(oracle.name()) {
                Some(inner) if blame::is_ours(inner) && blame::is_ours(engine.name()) => Some(blame_of_mutant(case)),
                _ => blame::of(&*engine, &*oracle, case, &divergence),
            };
        }
    }
    Ok(report)
}

/// Whether the mutant of a case is to blame, as an engine sees it that shares no code generator with those that differ.
fn changes_meaning(case: &Case, inner: &str, engine: &str) -> Result<bool> {
    let cranelift = [inner, engine].iter().any(|name| name.starts_with("cranelift"));
    mutant::changes_meaning(case, if cranelift { "microwasm" } else { "cranelift-none" })
}

/// Which half of our compiler makes a module and its mutant differ: where the interpreter runs both alike, what the
/// front end says of them means the same.
fn blame_of_mutant(case: &Case) -> Blame {
    let mutant = Mutant::new(Box::new(Interpreter));
    let report = compare::run(&Interpreter, &mutant, case);
    match (report.divergence, report.no_verdict) {
        (Some(_), _) => Blame::FrontEnd,
        (None, Some(reason)) => Blame::Unclear(format!("the interpreter and the mutant: {reason}")),
        (None, None) => Blame::BackEnd,
    }
}

fn say(message: &Message) -> Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    // One write, so that nothing of a line is left behind when the process dies.
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(&line).and_then(|()| stdout.flush()) {
        // Whoever started this process does not want it any more, and is about to end it.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => std::process::exit(0),
        written => Ok(written?),
    }
}
