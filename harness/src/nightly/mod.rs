//! The night: every examination in one command, each part a process of its own; what came of them in one report, compared
//! with the night before.

pub mod baseline;
pub mod blame;
pub mod child;
pub mod confirm;
pub mod conformance;
pub mod date;
pub mod history;
pub mod junit;
pub mod parts;
pub mod report;
pub mod store;
pub mod subject;
pub mod summary;
pub mod verdict;

use crate::bench::Machine;
use anyhow::{Context as _, Result, ensure};
use child::End;
use confirm::Again;
use parts::{Context, Description, JSON, Part, Plan};
use report::{Fault, Finding, PartResult, PartStatus, Report, Settings, Verdict};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use store::Store;

/// How much longer than it was given a part may take before it is ended.
const PATIENCE: f64 = 1.3;
/// The same in seconds, for what begins and ends a process.
const SLACK: f64 = 20.0;
/// The share of the minutes that measuring again may take.
const AGAIN: f64 = 0.2;

/// What to do.
#[derive(Debug)]
pub struct Options {
    /// The folder of the report.
    pub folder: PathBuf,
    /// What to compare with; the newest of the history if it is not named.
    pub baseline: Option<PathBuf>,
    /// How.
    pub settings: Settings,
    /// How many processes work at once.
    pub jobs: usize,
    /// This program.
    pub program: PathBuf,
}

/// What happens, for who watches.
#[derive(Debug)]
pub enum Event<'a> {
    /// A part begins, and has so many seconds.
    Begin(&'a str, f64),
    /// It came to this.
    End(&'a str, &'a PartResult),
    /// This was wrong with a file from before.
    Warning(&'a str),
}

/// Carries out a night, and writes `report.json`, its pages, `summary.md`, `junit.xml`, and a line of the history. `None`
/// if `stop` became true: what is done is kept for the next time.
///
/// # Errors
///
/// If there is no such part, if the folder cannot be written, or if what is there is of a newer version.
pub fn run(options: &Options, stop: &AtomicBool, mut tell: impl FnMut(&Event<'_>)) -> Result<Option<Report>> {
    let begin = Instant::now();
    let chosen = chosen(&options.settings.only)?;
    let mut warnings = Vec::new();
    let subject = subject::this(&options.program)?;
    std::fs::create_dir_all(&options.folder).with_context(|| format!("cannot create {}", options.folder.display()))?;
    // What cannot be read is found before anything takes time.
    let (mut baseline, before) = baseline::find(options.baseline.as_deref(), &options.folder, &mut warnings)?;
    history::read(&options.folder, &mut warnings)?;
    let mut store = Store::open(&options.folder, &subject, &options.settings, date::now(), &mut warnings)?;
    warnings.iter().for_each(|warning| tell(&Event::Warning(warning)));

    let mut done = BTreeMap::new();
    let total = options.settings.minutes * 60.0;
    let mut left = total;
    for (index, part) in chosen.iter().enumerate() {
        let seconds = parts::share(&chosen, index, total, left);
        let noted = warnings.len();
        let result = match store.known(part.name(), &mut warnings)? {
            Some(known) => known,
            None => {
                tell(&Event::Begin(part.name(), seconds));
                let Some(result) = carry_out(*part, options, &store, seconds, &done, stop)? else { return Ok(None) };
                store.keep(part.name(), &result)?;
                result
            }
        };
        warnings[noted..].iter().for_each(|warning| tell(&Event::Warning(warning)));
        tell(&Event::End(part.name(), &result));
        left -= result.seconds;
        done.insert(part.name().to_string(), result);
    }

    let started = store.started();
    let mut report = Report {
        format: report::FORMAT.to_string(),
        version: report::VERSION,
        subject,
        started,
        date: date::text(started),
        seconds: 0.0,
        settings: options.settings.clone(),
        machine: Machine::this(),
        features: parts::features(&done),
        verdict: Verdict::default(),
        baseline: report::Baseline::default(),
        blame: Vec::new(),
        changes: Vec::new(),
        conformance_changes: Vec::new(),
        conformance: done.get("conform").and_then(|part| parts::conform::short(part.data.as_ref()?)),
        findings: findings(&done, before.as_ref(), &options.folder),
        figures: figures(&done),
        parts: done,
        warnings,
    };
    if let Some(before) = &before {
        baseline::obstacles(&mut baseline, before, &report);
        report.changes = verdict::changes(&report.figures, &before.figures, &baseline);
        let folder = store.parts();
        let limit = Duration::from_secs_f64(options.settings.minutes * 60.0 * AGAIN);
        let again = Again { program: &options.program, folder: &folder, limit, stop };
        let failed = confirm::confirm(&mut report.changes, &before.figures, &baseline, &again);
        report.warnings.extend(failed);
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
    }
    report.baseline = baseline;
    if let Some(now) = &report.conformance {
        let before = before.as_ref().and_then(|before| before.conformance.as_ref());
        report.conformance_changes = conformance::changes(now, before);
    }
    conclude(&mut report);
    report.seconds =
        if store.resumed { date::now().saturating_sub(started) as f64 } else { begin.elapsed().as_secs_f64() };
    write(options, &report)?;
    // The report is there without its pages, too.
    if let Err(error) = crate::site::write(&options.folder) {
        tell(&Event::Warning(&format!("no pages: {error:#}")));
    }
    store.finish()?;
    Ok(Some(report))
}

/// The parts of these names; all without any.
fn chosen(names: &[String]) -> Result<Vec<&'static dyn Part>> {
    let all = parts::all();
    let known: Vec<&str> = all.iter().map(|part| part.name()).collect();
    for name in names {
        ensure!(known.contains(&name.as_str()), "there is no part `{name}`; there are {}", known.join(", "));
    }
    Ok(all.into_iter().filter(|part| names.is_empty() || names.iter().any(|name| name == part.name())).collect())
}

/// Does a part, in as many processes as it wants; `None` if the night is to end.
fn carry_out(
    part: &dyn Part,
    options: &Options,
    store: &Store,
    given: f64,
    done: &BTreeMap<String, PartResult>,
    stop: &AtomicBool,
) -> Result<Option<PartResult>> {
    let (folder, findings) = (store.parts(), options.folder.join("findings"));
    let Description { title, processes, .. } = part.about();
    let seconds = given / f64::from(processes);
    let context = Context {
        folder: &folder,
        findings: &findings,
        seconds,
        seed: options.settings.seed,
        jobs: options.jobs,
        done,
    };
    let mut result = PartResult {
        title: title.to_string(),
        status: PartStatus::Done,
        reason: None,
        command: Vec::new(),
        processes: 0,
        exit_code: None,
        output: String::new(),
        given,
        seconds: 0.0,
        started: date::now(),
        resumed: false,
        data: None,
    };
    let args = match part.plan(&context) {
        Plan::Run(args) => args,
        Plan::Missing(reason) => {
            return Ok(Some(PartResult { status: PartStatus::Missing, reason: Some(reason), ..result }));
        }
        Plan::Nothing(data) => return Ok(Some(PartResult { data: Some(data), ..result })),
    };
    let begin = Instant::now();
    let limit = Duration::from_secs_f64(given * PATIENCE + SLACK);
    let mut all = Vec::new();
    for process in 0..processes {
        let json = parts::json_file(&folder, part.name(), process);
        // What a process before this run has left behind is no result of this one.
        drop(std::fs::remove_file(&json));
        let file = json.to_string_lossy().into_owned();
        result.command = args.iter().map(|arg| if arg == JSON { file.clone() } else { arg.clone() }).collect();
        let left = limit.saturating_sub(begin.elapsed());
        let ended = match child::run(&options.program, &result.command, left, stop) {
            Ok(ended) => ended,
            Err(error) => child::Ended { end: End::Died(format!("{error:#}")), output: String::new() },
        };
        result.output = ended.output;
        let data = std::fs::read(&json).ok().and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
        let whole = match ended.end {
            End::Interrupted => return Ok(None),
            End::Exited(code) => {
                result.exit_code = Some(code);
                // 1 is for findings, which are results.
                let last = result.output.lines().last().unwrap_or_default();
                let no_data = || (PartStatus::Failed, format!("exit code {code}, and no result: {last}"));
                if data.is_none() { Err(no_data()) } else { Ok(()) }
            }
            End::Died(how) => Err((PartStatus::Failed, how)),
            End::TimedOut => {
                Err((PartStatus::TimedOut, format!("ended after {:.0} s of {given:.0} s", limit.as_secs_f64())))
            }
        };
        match whole {
            Ok(()) => all.extend(data),
            // What there is of an earlier process is a result.
            Err(_) if !all.is_empty() => break,
            Err((status, reason)) => {
                (result.status, result.reason) = (status, Some(reason));
                // What was measured until then is no less true.
                all.extend(data);
            }
        }
        result.processes += 1;
        if result.status != PartStatus::Done {
            break;
        }
    }
    result.seconds = begin.elapsed().as_secs_f64();
    result.data = parts::joined(all);
    Ok(Some(result))
}

/// The figures of all parts.
fn figures(done: &BTreeMap<String, PartResult>) -> Vec<report::Figure> {
    let with_data = parts::all().into_iter().filter_map(|part| Some((part, done.get(part.name())?.data.as_ref()?)));
    with_data.flat_map(|(part, data)| part.figures(data)).collect()
}

/// The findings of all parts, with what triage says, those first that the baseline does not have. Their files are named
/// from the report's folder on.
fn findings(done: &BTreeMap<String, PartResult>, before: Option<&Report>, folder: &Path) -> Vec<Finding> {
    let mut findings = Vec::new();
    for part in parts::all() {
        if let Some(data) = done.get(part.name()).and_then(|part| part.data.as_ref()) {
            findings.extend(part.findings(data));
        }
    }
    if let Some(data) = done.get("triage").and_then(|part| part.data.as_ref()) {
        parts::triage::locate(&mut findings, data);
    }
    let known: BTreeSet<&str> =
        before.iter().flat_map(|before| &before.findings).map(|finding| finding.signature.as_str()).collect();
    for finding in &mut findings {
        finding.new = !known.contains(finding.signature.as_str());
        if let Some(path) = &finding.reproducer {
            let inside = Path::new(path).strip_prefix(folder).ok();
            finding.reproducer = Some(inside.map_or_else(|| path.clone(), |path| path.display().to_string()));
        }
    }
    findings.sort_by_key(|finding| (!finding.new, finding.flaky));
    findings
}

/// Says who is to blame and how many regressions there are.
fn conclude(report: &mut Report) {
    report.blame = blame::blame(&report.changes, &report.conformance_changes, &report.findings);
    let missing = report.parts.iter().filter(|(_, part)| part.status != PartStatus::Done);
    let missing = missing.map(|(name, part)| match &part.reason {
        Some(reason) => format!("{name}: {reason}"),
        None => name.clone(),
    });
    let word = |fault: Fault| match fault {
        Fault::WrongOperator | Fault::Wrong => "wrong",
        Fault::SlowerOperator | Fault::Slower => "slower",
    };
    let reasons = report.blame.iter().map(|blame| {
        format!("{} {}: {}", blame.subject, word(blame.fault), blame.evidence.first().map_or("", String::as_str))
    });
    report.verdict =
        Verdict { regressions: report.blame.len() as u64, reasons: reasons.collect(), missing: missing.collect() };
}

/// Writes the report and what is made from it.
fn write(options: &Options, report: &Report) -> Result<()> {
    let folder = &options.folder;
    history::write_whole(&folder.join("report.json"), &serde_json::to_vec(report)?)?;
    history::write_whole(&folder.join("summary.md"), summary::markdown(report).as_bytes())?;
    history::write_whole(&folder.join("junit.xml"), junit::xml(report)?.as_bytes())?;
    history::append(folder, report)?;
    Ok(())
}
