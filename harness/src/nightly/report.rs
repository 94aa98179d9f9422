//! The nightly report: everything in one JSON, with a version. `reports/NIGHTLY.md` documents it field by field.

use crate::bench::Machine;
use crate::bench::stats::Summary;
use crate::conform::report::Counts;
use crate::wast::{Directive, Status};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The version of the format. It grows when a field changes its meaning or goes away; new fields do not change it.
pub const VERSION: u32 = 1;
/// What the format calls itself.
pub const FORMAT: &str = "lightbeam-nightly";

/// A night.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// What was examined.
    pub subject: Subject,
    /// When it began: seconds since 1970 and the same in words, UTC.
    pub started: u64,
    /// The same as a date, UTC.
    pub date: String,
    /// Seconds from the beginning to the end, pauses included.
    pub seconds: f64,
    /// How it was to be done.
    pub settings: Settings,
    /// Where it ran.
    pub machine: Machine,
    /// The features of the CPU that code was compiled for, if a part said them.
    #[serde(default)]
    pub features: Option<String>,
    /// The conclusion.
    pub verdict: Verdict,
    /// What it was compared with, or why with nothing.
    pub baseline: Baseline,
    /// Who is to blame for what became worse, the worst first.
    pub blame: Vec<Blame>,
    /// Figures that are not the same as in the baseline or that nobody can be sure of, regressions first.
    pub changes: Vec<Change>,
    /// Assertions that are not what they were in the baseline, regressions first.
    pub conformance_changes: Vec<ConformanceChange>,
    /// Conformance in short, with each assertion that did not pass; nothing if that part has no result.
    pub conformance: Option<Conformance>,
    /// Differences between engines, those that are new first.
    pub findings: Vec<Finding>,
    /// Every figure.
    pub figures: Vec<Figure>,
    /// The parts by name: what each was, how it ended, and its own JSON.
    pub parts: BTreeMap<String, PartResult>,
    /// What was wrong with files from before, and what was done about it.
    pub warnings: Vec<String>,
}

/// What is examined: equal for runs that may be continued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The commit, or `unknown`.
    pub commit: String,
    /// Its title.
    pub title: String,
    /// When it was made: seconds since 1970.
    pub committed: Option<u64>,
    /// Whether files differed from it.
    pub dirty: bool,
    /// A digest of the program.
    pub binary: String,
    /// The program's version.
    pub lightbeam: String,
}

/// How it is to be done: equal for runs that may be continued.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Minutes for all parts.
    pub minutes: f64,
    /// The parts that were asked for; all when empty.
    pub only: Vec<String>,
    /// The seed of generated modules.
    pub seed: u64,
}

/// The conclusion.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// How many things became worse: operators, programs, assertions by script and engine, findings by operator or part.
    pub regressions: u64,
    /// Those, in words, the worst first.
    pub reasons: Vec<String>,
    /// Parts without a result.
    pub missing: Vec<String>,
}

impl Verdict {
    /// The last line of the command.
    pub fn line(&self) -> String {
        match self.regressions {
            0 => "nightly: ok".to_string(),
            many => format!("nightly: {many} regressions"),
        }
    }
}

/// What a night is compared with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// The file; nothing if there is none.
    pub file: Option<String>,
    /// Why there is none.
    pub reason: Option<String>,
    /// What it examined.
    pub subject: Option<Subject>,
    /// When.
    pub date: Option<String>,
    /// Whether it was the same program, bit for bit: then no time has changed, and no count for the worse.
    #[serde(default)]
    pub same_program: bool,
    /// Why times cannot be compared with it, if they cannot.
    pub times: Option<String>,
    /// Why code cannot be compared with it, if it cannot.
    pub code: Option<String>,
}

/// How a figure comes about, which decides how it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Counted, the same each time for the same code: compared by a small threshold.
    Exact,
    /// Measured, with an interval: compared by intervals.
    Timed,
    /// Depends on how long the part ran or on chance: shown, and never compared.
    Info,
}

/// Which direction is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Better {
    /// Less is better.
    Lower,
    /// More is better.
    Higher,
}

/// A figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// `PART/SUBJECT/WHAT`: equal figures of two nights have equal keys.
    pub key: String,
    /// The part that it comes from.
    pub part: String,
    /// What it is about: an operator's kernel, a program, an engine, a family; `all` for a mean or a sum.
    pub subject: String,
    /// The operator, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// What is counted or measured.
    pub what: String,
    /// In which unit: `ratio`, `ns`, `s`, `bytes`, `instructions`, `share`, `count`, `exponent`.
    pub unit: String,
    /// How it comes about.
    pub kind: Kind,
    /// Which direction is good.
    pub better: Better,
    /// The value; with an interval the median.
    pub value: f64,
    /// The interval's lower end; the value if it is exact.
    pub low: f64,
    /// The interval's upper end.
    pub high: f64,
    /// The relative change that is none yet.
    pub threshold: f64,
    /// Whether a change for the worse is a regression.
    pub gates: bool,
    /// Whether it is among the few that the history keeps.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub headline: bool,
    /// A digest of the machine code that was timed: what has the same has not become slower.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

impl Figure {
    /// An exact figure, of which less is better and which gates.
    pub fn exact(part: &str, subject: &str, what: &str, unit: &str, value: f64, threshold: f64) -> Figure {
        Figure {
            key: format!("{part}/{subject}/{what}"),
            part: part.to_string(),
            subject: subject.to_string(),
            operator: None,
            what: what.to_string(),
            unit: unit.to_string(),
            kind: Kind::Exact,
            better: Better::Lower,
            value,
            low: value,
            high: value,
            threshold,
            gates: true,
            headline: false,
            code: None,
        }
    }

    /// A time or a ratio of times, of which less is better and which gates.
    pub fn timed(part: &str, subject: &str, what: &str, unit: &str, summary: Summary, threshold: f64) -> Figure {
        let Summary { median, low, high } = summary;
        Figure { kind: Kind::Timed, low, high, ..Figure::exact(part, subject, what, unit, median, threshold) }
    }

    /// A figure that is only shown.
    pub fn info(part: &str, subject: &str, what: &str, unit: &str, value: f64) -> Figure {
        Figure { kind: Kind::Info, gates: false, ..Figure::exact(part, subject, what, unit, value, 0.0) }
    }

    /// The same for an operator.
    #[must_use]
    pub fn of_operator(self, operator: &str) -> Figure {
        Figure { operator: Some(operator.to_string()), ..self }
    }

    /// The same, without gating.
    #[must_use]
    pub fn shown_only(self) -> Figure {
        Figure { gates: false, ..self }
    }

    /// The same, more being better.
    #[must_use]
    pub fn higher(self) -> Figure {
        Figure { better: Better::Higher, ..self }
    }

    /// The same, for the history.
    #[must_use]
    pub fn headline(self) -> Figure {
        Figure { headline: true, ..self }
    }

    /// The same, of machine code with this digest.
    #[must_use]
    pub fn of_code(self, digest: Option<&str>) -> Figure {
        Figure { code: digest.map(ToString::to_string), ..self }
    }
}

/// How a figure compares with the baseline's. Of what is no time, `faster` means better and `slower` worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Worse, for certain.
    Slower,
    /// It looks different, and may be noise.
    Unsure,
    /// Better, for certain.
    Faster,
    /// No difference.
    Same,
}

/// A figure that is not the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The figure as it is.
    #[serde(flatten)]
    pub figure: Figure,
    /// Its value in the baseline.
    pub before: f64,
    /// The interval there.
    pub before_low: f64,
    /// The interval there.
    pub before_high: f64,
    /// The value over the baseline's; nothing if that was 0.
    pub ratio: Option<f64>,
    /// How they compare.
    pub state: State,
    /// Whether this is a regression.
    pub regression: bool,
    /// Why nobody can be sure, or what confirmed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// An assertion that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConformanceChange {
    /// The script.
    pub file: String,
    /// The place.
    #[serde(flatten)]
    pub directive: Directive,
    /// The engine.
    pub engine: String,
    /// The operator that it is about, if its names say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    /// What it was; nothing if it was not there.
    pub before: Option<Status>,
    /// What it is; nothing if it is there no more.
    pub after: Option<Status>,
    /// Whether this is a regression.
    pub regression: bool,
}

/// Conformance in short.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Conformance {
    /// The suite's version.
    pub suite: String,
    /// The engines that ran.
    pub engines: Vec<String>,
    /// Engines that could not, with the reason.
    pub absent: BTreeMap<String, String>,
    /// Counts by proposal and engine.
    pub proposals: BTreeMap<String, BTreeMap<String, Counts>>,
    /// The engines that ran each script.
    pub files: BTreeMap<String, Vec<String>>,
    /// Each assertion that did not pass on every engine.
    pub not_passed: Vec<NotPassed>,
    /// Expectations that nothing met.
    pub stale: Vec<String>,
}

/// An assertion that did not pass on every engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotPassed {
    /// The script.
    pub file: String,
    /// The place.
    #[serde(flatten)]
    pub directive: Directive,
    /// What became of it, by engine, where it did not pass.
    pub not_passed: BTreeMap<String, Status>,
}

/// A difference between engines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Equal for findings of one cause, as far as can be told.
    pub signature: String,
    /// The part that found it.
    pub part: String,
    /// The operator that is wrong, if it can be told.
    pub operator: Option<String>,
    /// What told it: `triage` saw where executions part; `grid` is a module about this operator.
    pub located: Option<String>,
    /// The operators of the module that triage made of it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub holds: BTreeSet<String>,
    /// What differs.
    pub what: String,
    /// The engine under test.
    pub engine: String,
    /// The oracle.
    pub oracle: String,
    /// What the engine under test did.
    pub ours: String,
    /// What the oracle did.
    pub theirs: String,
    /// Which half of the compiler it comes from, in words.
    pub blame: Option<String>,
    /// What other engines say.
    pub votes: Vec<String>,
    /// Where the case came from.
    pub origin: String,
    /// How many there were of this signature.
    pub count: u64,
    /// The module that shows it, relative to the report's folder if it is in there.
    pub reproducer: Option<String>,
    /// The command that shows it again.
    pub command: String,
    /// Whether fresh processes do not always show it.
    pub flaky: bool,
    /// Whether the baseline does not have it.
    pub new: bool,
}

/// An operator, a program or something else that became worse.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Blame {
    /// Its name.
    pub subject: String,
    /// What became of it.
    pub fault: Fault,
    /// How much: of what is slower the largest relative change, of what is wrong how many things say so.
    pub weight: f64,
    /// What says so.
    pub evidence: Vec<String>,
}

/// What became worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// An operator computes something else.
    WrongOperator,
    /// Something is wrong that no operator could be named for.
    Wrong,
    /// An operator's code is worse.
    SlowerOperator,
    /// Something else is worse.
    Slower,
}

/// How a part ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartStatus {
    /// It has a result.
    Done,
    /// It ended badly, or without a result.
    Failed,
    /// It cannot be done here.
    Missing,
    /// It took longer than it may.
    TimedOut,
}

/// What came of a part.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PartResult {
    /// What it is, in words.
    pub title: String,
    /// How it ended.
    pub status: PartStatus,
    /// Why there is no result, if there is none.
    pub reason: Option<String>,
    /// The command, as it was called.
    pub command: Vec<String>,
    /// How many processes were called so, one after the other; intervals span all of them.
    pub processes: u32,
    /// Its exit code.
    pub exit_code: Option<i32>,
    /// Its last lines.
    pub output: String,
    /// Seconds that it was given.
    pub given: f64,
    /// Seconds that it took.
    pub seconds: f64,
    /// When it began: seconds since 1970.
    pub started: u64,
    /// Whether its result is from before this run was interrupted.
    pub resumed: bool,
    /// Its own JSON; nothing in reports of the history.
    pub data: Option<serde_json::Value>,
}
