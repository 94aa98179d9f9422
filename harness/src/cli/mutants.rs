//! `lightbeam mutants`: the mutation score of the harness.

use super::{FINE, FOUND, jobs, progress, say, write_json};
use crate::generate::Generator;
use crate::mutants::journal::Journal;
use crate::mutants::report::{self, Score};
use crate::mutants::{self, Bug, Fate, Hunt, Trial};
use crate::worker::roster::Roster;
use anyhow::{Context, Result, bail, ensure};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

/// The share of bugs that must be found.
const WANTED: f64 = 0.97;
/// The version of the figures' format.
const VERSION: u32 = 1;
/// The binary with the bugs.
const SEEDED: &str = "lightbeam-seeded";

/// Hunts the bugs that are seeded in the compiler, and says which are found, how fast, and by what.
///
/// The bugs are only in a build made for this, which the command makes first, with cargo and from this repository.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  lightbeam mutants                             every bug, ten minutes of processor time each at the most
  lightbeam mutants --seconds 20 --seeds 1      a quick look
  lightbeam mutants --journal hunts.jsonl       can be cut short, and goes on when it is started again
  lightbeam mutants --only Merge --generators mix,smith,grid   some bugs, by several generators")]
pub struct Args {
    /// The most seconds of processor time for a bug, a generator and a seed
    #[arg(long, value_name = "N", default_value_t = 600.0)]
    seconds: f64,
    /// The same for the generators that are there for comparison [default: as for the first]
    #[arg(long, value_name = "N")]
    other_seconds: Option<f64>,
    /// How many seeds hunt each bug
    #[arg(long, value_name = "N", default_value_t = 5)]
    seeds: u64,
    /// The generators; the score is the first one's, the others are for comparison
    #[arg(long, value_name = "NAMES", value_delimiter = ',', default_value = "mix,smith")]
    generators: Vec<Generator>,
    /// Only bugs whose name or area contains this text. May be repeated
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
    /// How many bugs are hunted at a time [default: one a processor]
    #[arg(long, value_name = "N", value_parser = jobs::count)]
    jobs: Option<usize>,
    /// The engine under test
    #[arg(long, value_name = "NAMES", default_value_t = Roster::ours())]
    engine: Roster,
    /// The engine that is taken to be right
    #[arg(long, value_name = "NAMES", default_value = Roster::ORACLES)]
    oracle: Roster,
    /// Where the table is written
    #[arg(long, default_value = "reports/mutants.md", value_name = "FILE")]
    out: PathBuf,
    /// Where each hunt is noted as it ends; a run that finds its beginning there goes on after it
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// Where to write the figures
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Carries out the command.
///
/// # Errors
///
/// If the build with the bugs cannot be made, if no bug is meant, or if workers cannot be started.
pub fn run(args: &Args) -> Result<u8> {
    let all = mutants::bugs();
    if all.is_empty() {
        return seeded();
    }
    ensure!(args.seeds > 0 && !args.generators.is_empty(), "there is nothing to hunt with");
    args.engine.check()?;
    args.oracle.check()?;
    let meant = |bug: &Bug| {
        args.only.is_empty() || args.only.iter().any(|text| bug.name.contains(text) || bug.area.contains(text))
    };
    let bugs: Vec<Bug> = all.into_iter().filter(meant).collect();
    ensure!(!bugs.is_empty(), "no bug's name or area contains {:?}", args.only);
    let hunt = Hunt {
        generators: args.generators.clone(),
        seeds: (1..=args.seeds).collect(),
        seconds: args.seconds,
        other_seconds: args.other_seconds.unwrap_or(args.seconds),
        engine: args.engine.clone(),
        oracle: args.oracle.clone(),
        jobs: jobs::or_processors(args.jobs),
    };
    let journal = args.journal.as_ref().map(|path| Journal::open(path, &hunt)).transpose()?.unwrap_or_default();
    let score = hunt_all(args, &hunt, &bugs, &journal)?;
    let mut text = String::new();
    report::print(&score, &mut text).context("a report cannot be printed")?;
    if let Some(folder) = args.out.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    std::fs::write(&args.out, &text).with_context(|| format!("cannot write {}", args.out.display()))?;
    if let Some(path) = &args.json {
        write_json(path, &score)?;
    }
    Ok(conclude(&score))
}

fn hunt_all(args: &Args, hunt: &Hunt, bugs: &[Bug], journal: &Journal) -> Result<Score> {
    // The control comes first: if it finds anything, no kill means anything.
    let none = Bug { number: 0, name: "None".into(), area: String::new(), what: String::new(), model: String::new() };
    let seconds = args.seconds.min(60.0);
    let control = Hunt { seconds, other_seconds: seconds.min(hunt.other_seconds), ..hunt.clone() };
    let trials = (bugs.len() + 1) * hunt.generators.len() * hunt.seeds.len();
    let bar = progress::bar(trials as u64, "hunts");
    let done = |bug: &Bug, trial: &Trial| {
        bar.inc(1);
        let end = match (&trial.killed, bug.number) {
            (Some(what), 0) => format!("no bug, and yet a finding: {what}"),
            (None, 0) => return,
            (Some(_), _) => return bar.set_message(bug.name.clone()),
            (None, _) => {
                let seconds = hunt.seconds_of(trial.generator);
                format!("survives {seconds} s of {}, seed {}", trial.generator.name(), trial.seed)
            }
        };
        bar.suspend(|| say(format_args!("{} {}: {end}", bug.number, bug.name)));
    };
    let control = mutants::hunt(&control, &[none], journal, done)?;
    let fates = mutants::hunt(hunt, bugs, journal, done)?;
    bar.finish_and_clear();
    Ok(Score {
        version: VERSION,
        bugs: fates,
        control: control.into_iter().flat_map(|fate: Fate| fate.trials).collect(),
        seconds: args.seconds,
        other_seconds: hunt.other_seconds,
        generators: args.generators.clone(),
        seeds: args.seeds as usize,
    })
}

fn conclude(score: &Score) -> u8 {
    for generator in &score.generators {
        let median = score.median(*generator);
        say(format_args!(
            "{:>10}: {} of {} killed, {median} CPU seconds in the median",
            generator.name(),
            score.killed(*generator),
            score.bugs.len()
        ));
    }
    let mistakes = score.control.iter().filter(|trial| trial.killed.is_some()).count();
    let (seeded, killed) = (score.bugs.len(), score.killed(score.main()));
    if mistakes > 0 {
        say(format_args!("without a bug there were {mistakes} findings: the score means nothing"));
    }
    say(format_args!("mutants: {seeded} seeded, {killed} killed, {} survived", seeded - killed));
    if mistakes == 0 && score.share(score.main()) >= WANTED { FINE } else { FOUND }
}

/// Builds the binary with the bugs, and becomes it.
fn seeded() -> Result<u8> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    if !root.join("Cargo.toml").is_file() {
        bail!("the build with the seeded bugs needs this program's repository, which is gone");
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(&cargo)
        .current_dir(&root)
        .args(["build", "--release", "--workspace", "--bin", SEEDED, "--features", "lightbeam-harness/seeded-bugs"])
        .status()
        .context("cannot start cargo")?;
    ensure!(status.success(), "the build with the seeded bugs failed");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let binary = target.join("release").join(SEEDED);
    let error = Command::new(&binary).args(std::env::args_os().skip(1)).exec();
    Err(error).with_context(|| format!("cannot start {}", binary.display()))
}
