//! All that is known of a finding, and the folder that it is written to.

use super::bisect::{self, Culprit};
use super::explicit::explicit;
use super::listing;
use super::locate::{self, Parting};
use super::probe::Prober;
use crate::blame::{self, Blame};
use crate::compare::{self, Divergence, Observation};
use crate::engines::mutant;
use crate::finding::Finding;
use crate::panics;
use crate::plan::Case;
use crate::reduce::Budget;
use crate::reduce::predicate::{Judge, alike};
use crate::vote::Vote;
use anyhow::{Context, Result, bail};
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// How often a finding is run to see whether it is always there.
const CONFIRMATIONS: u32 = 3;
/// In how many fresh processes what was reduced may show nothing before that is an error.
const LAST_ATTEMPTS: u32 = 8;
/// The oracle for what a mutant shows, if it shows it.
const REFEREE: &str = "cranelift-none";
/// How many operators are looked at one by one for where executions part.
const MOST_PROBES: usize = 120;

/// What is known of a finding.
#[derive(Debug, Clone, Serialize)]
pub struct Dossier {
    /// Equal for findings of one cause, as far as can be told: what differs, whose it is, and by which rewrite
    /// and operator.
    pub signature: String,
    /// Where the case came from.
    pub origin: String,
    /// The engine under test.
    pub engine: String,
    /// The oracle.
    pub oracle: String,
    /// The difference, in a fresh process.
    pub divergence: Divergence,
    /// How many of the runs in fresh processes showed it.
    pub confirmed: u32,
    /// How many there were.
    pub runs: u32,
    /// Which half of the compiler it comes from.
    pub blame: Option<Blame>,
    /// What the other engines say.
    pub votes: Vec<Vote>,
    /// The optional rewrite that it needs; why that cannot be said.
    pub culprit: Result<Culprit, String>,
    /// Where executions part, if a value shows it.
    pub parting: Option<Parting>,
    /// Operators in functions, before and after reduction.
    pub operators: (u64, u64),
    /// The names of those that are left.
    pub holds: BTreeSet<&'static str>,
    /// Versions of what takes part.
    pub versions: Vec<String>,
    /// The processor.
    pub cpu: String,
}

/// Why there is no dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nothing {
    /// The engines agree.
    NoDivergence,
}

/// Finds out all that can be found out without a hand: `say` hears of each step.
///
/// # Errors
///
/// If processes cannot be started or files not be written.
pub fn investigate(
    prober: &Prober,
    origin: String,
    engine: &str,
    oracle: &str,
    case: &Case,
    budget: &Budget,
    mut say: impl FnMut(&str),
) -> Result<Result<(Dossier, Case), Nothing>> {
    say("confirm");
    // Mutants change with what they are made of, and either may be what is wrong. If it is the case itself, another
    // engine shows it, and nothing changes under the reduction.
    let other = mutant::inner(oracle).is_some() && prober.run(engine, REFEREE, case)?.divergence.is_some();
    let oracle = if other { REFEREE } else { oracle };
    let Some(mut judge) = Judge::new(prober, engine, oracle, case, false)? else {
        return Ok(Err(Nothing::NoDivergence));
    };
    let mut confirmed = 1;
    for _ in 1..CONFIRMATIONS {
        let again = prober.run(engine, oracle, case)?.divergence;
        confirmed += u32::from(again.is_some_and(|now| alike(&judge.divergence, &now)));
    }
    say("reduce");
    let values = crate::engines::by_name(oracle)?;
    let reduced = judge.reduce(&*values, case, budget, &mut |_| ())?;
    let last = again(prober, engine, oracle, &reduced.case)?;
    let small = reduced.case;
    let at_first = judge.blame.clone();
    // Small cases are fast: the watchdog was set anew.
    let Some(judge) = last else {
        bail!("what was reduced shows nothing any more, in {LAST_ATTEMPTS} fresh processes");
    };
    let small = explicit(&judge, small)?;
    say("bisect");
    let culprit = if blame::is_ours(engine) {
        bisect::bisect(&judge, &small).map_err(|error| format!("{error:#}"))
    } else {
        Err("only lightbeam's rewrites can be counted".to_string())
    };
    say("locate");
    // What is not valid does not run.
    let runs = judge.divergence.what != Observation::Validity;
    let parting = if runs { locate::locate(&judge, &small, MOST_PROBES)? } else { None };
    let voters = judge.votes.iter().map(|vote| vote.engine.as_str());
    let versions = crate::finding::versions([engine, oracle].into_iter().chain(voters));
    let mut dossier = Dossier {
        signature: String::new(),
        origin,
        engine: engine.to_string(),
        oracle: oracle.to_string(),
        divergence: judge.divergence,
        confirmed,
        runs: CONFIRMATIONS,
        // What is small may be wrong in a way that says less.
        blame: judge.blame.filter(|blame| !matches!(blame, Blame::Unclear(_))).or(at_first),
        votes: judge.votes,
        culprit,
        parting,
        operators: reduced.operators,
        holds: locate::operators(&small.wasm)?,
        versions,
        cpu: crate::bench::Machine::this().cpu,
    };
    dossier.signature = dossier.meaning();
    Ok(Ok((dossier, small)))
}

/// A judge of what was reduced, which a case that does not show its divergence each time gets several chances for.
fn again<'p>(prober: &'p Prober, engine: &str, oracle: &str, case: &Case) -> Result<Option<Judge<'p>>> {
    for _ in 0..LAST_ATTEMPTS {
        let judge = Judge::new(prober, engine, oracle, case, false)?;
        if judge.is_some() {
            return Ok(judge);
        }
    }
    Ok(None)
}

impl Dossier {
    /// What it is about, without numbers: findings with equal meaning mostly have one cause.
    fn meaning(&self) -> String {
        let culprit = match &self.culprit {
            Ok(Culprit::Rewrite(site)) => site.kind.clone(),
            Ok(Culprit::NoRewrite) => "no-rewrite".to_string(),
            Ok(Culprit::Beyond(_)) => "outside".to_string(),
            Err(_) => "unknown".to_string(),
        };
        let side = match &self.blame {
            Some(Blame::BackEnd) => "back-end",
            Some(Blame::FrontEnd) => "front-end",
            Some(Blame::Unclear(_)) | None => "unclear",
        };
        let operator = self.parting.as_ref().map_or(self.divergence.what.kind(), |parting| &parting.operator);
        format!("{side}-{culprit}-{operator}")
    }

    /// The dossier in words.
    pub fn summary(&self) -> String {
        let mut text = format!("{}\n", self.signature);
        let mut line = |name: &str, value: &str| {
            let _infallible = writeln!(text, "  {name:>10}: {value}");
        };
        line("origin", &self.origin);
        line("shows", &self.divergence.what.to_string());
        line(&self.engine, &self.divergence.ours);
        line(&self.oracle, &self.divergence.oracle);
        line("confirmed", &format!("{} of {} runs", self.confirmed, self.runs));
        if let Some(blame) = &self.blame {
            line("blame", &blame.to_string());
        }
        self.votes.iter().for_each(|vote| line("vote", &vote.to_string()));
        line("rewrite", &self.culprit.as_ref().map_or_else(String::clone, ToString::to_string));
        let nowhere = || "no value shows it".to_string();
        line("parts at", &self.parting.as_ref().map_or_else(nowhere, ToString::to_string));
        line("operators", &format!("{} before, {} after reduction", self.operators.0, self.operators.1));
        text
    }

    /// Writes the folder: the reduced case and the original, as module and as text, a script for any
    /// engine, both machine codes, and the description with the command that shows it again. Returns it.
    ///
    /// # Errors
    ///
    /// If something cannot be written.
    pub fn write(&self, original: &Case, small: &Case, script: Result<String, String>, out: &Path) -> Result<PathBuf> {
        let name = format!("{}-{:08x}", self.signature, xxhash_rust::xxh3::xxh3_64(&small.to_envelope()) as u32);
        let folder = out.join(name);
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.join(name);
            std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
        };
        write("case.wasm", &small.to_envelope())?;
        write("original.wasm", &original.to_envelope())?;
        write("case.wat", small.to_text().as_bytes())?;
        match script {
            Ok(script) => write("case.wast", script.as_bytes())?,
            Err(reason) => write("case.wast.missing", reason.as_bytes())?,
        }
        if self.divergence.what != Observation::Validity
            && let Ok(wasm) = compare::rewritten(small)
        {
            let text = wasmprinter::print_bytes(&wasm).unwrap_or_else(|error| format!(";; not printable: {error}"));
            write("rewritten.wat", text.as_bytes())?;
            let func = self.function(small);
            // A compiler that is wrong may be wrong in what it says of itself, too.
            let text = |code: &dyn Fn() -> Result<String>| match panics::catch(code) {
                Ok(code) => code.unwrap_or_else(|error| format!("not shown: {error:#}\n")),
                Err(message) => format!("not shown: panicked: {message}\n"),
            };
            write("engine.asm", text(&|| listing::ours(&self.engine, &wasm, func)).as_bytes())?;
            write("oracle.asm", text(&|| listing::oracle(&self.oracle, &wasm, func)).as_bytes())?;
        }
        write("dossier.json", &serde_json::to_vec_pretty(self)?)?;
        let case = folder.join("case.wasm");
        let command = format!("lightbeam diff {} --engine {} --oracle {}", case.display(), self.engine, self.oracle);
        let versions = self.versions.join(", ");
        let readme = format!("{}\nAgain: `{command}`\n\n{versions}; {}\n", self.summary(), self.cpu);
        write("README.md", readme.as_bytes())?;
        Ok(folder)
    }

    /// The function that the code of both engines is shown of.
    fn function(&self, case: &Case) -> u32 {
        match (&self.parting, &self.culprit) {
            (Some(parting), _) => parting.func,
            (None, Ok(Culprit::Rewrite(site))) => site.func,
            _ => case.plan.calls.get(self.divergence.call.unwrap_or(0)).map_or(0, |call| call.func),
        }
    }
}

/// The engine and the oracle: those that are given, else the finding's, else the usual ones.
pub fn engines(engine: Option<&String>, oracle: Option<&String>, finding: Option<&Finding>) -> (String, String) {
    let engine = engine.or(finding.map(|finding| &finding.engine)).map_or("lightbeam", String::as_str);
    let oracle = oracle.or(finding.map(|finding| &finding.oracle)).map_or("cranelift", String::as_str);
    (engine.to_string(), oracle.to_string())
}

/// Reads a case with the engines that a finding names, if it lies beside one.
///
/// # Errors
///
/// If the file cannot be read.
pub fn load(path: &Path, seed: u64) -> Result<(Case, Option<Finding>)> {
    let case = crate::worker::load(path, seed)?;
    let described = path.with_extension("json");
    let finding = match std::fs::read(&described) {
        Ok(bytes) => {
            Some(serde_json::from_slice(&bytes).with_context(|| format!("{} is no finding", described.display()))?)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", described.display())),
    };
    Ok((case, finding))
}
