//! `lightbeam bench`: compile time and run time beside other engines, or beside ourselves without a rewrite, as ratios.

use super::interrupt::{Interrupt, remark};
use super::{FINE, FOUND, bombs, count, files, jobs, progress, say, verdicts, write_json};
use crate::bench::ablate::{self, Ablation};
use crate::bench::bombs::{ENGINES, LIMIT};
use crate::bench::rounds::Effort;
use crate::bench::streaming::Rate;
use crate::bench::{Case, Options, REAL_MODULES, Suite, run as run_suites, table};
use crate::engines::setup::Setup;
use anyhow::{Context, Result, ensure};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Measures compile time and run time beside validation, Winch, Cranelift and native code.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  lightbeam bench                                 every suite, every program
  lightbeam bench compile corpora/real/*.wasm     compile time of other modules
  lightbeam bench streaming --rate 100            arrival at 100 MB/s, from the last byte to callable code
  lightbeam bench execute --only sha              run time of some programs
  lightbeam bench execute --v8                    V8's Liftoff, too
  lightbeam bench simd                            run time of programs with vectors
  lightbeam bench microwasm                       control flow that Wasm does not have, beside its Wasm form
  lightbeam bench operators                       each operator in a loop of its own: its code, and its time beside Cranelift's
  lightbeam bench counted                         executed instructions, counted by valgrind's callgrind
  lightbeam bench sizes                           static counters of the code of each program
  lightbeam bench bombs                           growth of compile time on inputs made to make it grow
  lightbeam bench --ablate                        what each optional rewrite is worth, in code and run time
  lightbeam bench --ablate --switch fuse-sum --switch immediate --only sha")]
pub struct Args {
    /// The suite; all that compare whole programs when it is left out.
    suite: Option<Subject>,
    /// Modules to measure in place of the shipped programs. For `execute` and `simd` they
    /// must export `run: [] -> [i32|i64|f64]` and import nothing.
    files: Vec<PathBuf>,
    /// Only programs whose name contains this text. May be repeated.
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
    /// Measures what each optional rewrite is worth: everything on over all but that one, in bytes of code and in time
    /// (run time, of the suite `execute` unless another is named, or compile time in the suite `compile`).
    #[arg(long)]
    ablate: bool,
    /// Only the effect of this rewrite; `all` for that of all together, `base-register` for that of the register that holds
    /// the base of memory 0 over the segment. May be repeated.
    #[arg(long, value_name = "NAME", requires = "ablate")]
    switch: Vec<Ablation>,
    /// The configuration of ours from which rewrites are taken away: `lightbeam:segment`, for example
    #[arg(long, value_name = "NAME", requires = "ablate", default_value = "lightbeam")]
    engine: String,
    /// Modules, or a folder of them, whose code alone counts for `--ablate`; `corpora/real` when no FILES are given.
    #[arg(long, value_name = "PATH", requires = "ablate")]
    modules: Option<PathBuf>,
    /// Also V8's baseline compiler, through `node`, in a process of its own.
    #[arg(long, conflicts_with = "ablate")]
    v8: bool,
    /// Also ours on so many threads, in the suite `compile`: its column `jobs` is one thread's time over theirs.
    #[arg(long, value_name = "N", conflicts_with = "ablate", value_parser = jobs::count)]
    jobs: Option<usize>,
    /// Megabytes (10^6 bytes) that arrive in a second, in the suite `streaming`.
    #[arg(long, default_value_t = 12.5, value_name = "MB", value_parser = positive)]
    rate: f64,
    /// Rounds for each program.
    #[arg(long, default_value_t = 15, value_name = "N")]
    rounds: usize,
    /// Milliseconds that each engine works in a round.
    #[arg(long, default_value_t = 20, value_name = "N")]
    round_ms: u64,
    /// Seconds after which no further round of a program is begun (three are always run).
    #[arg(long, default_value_t = 20, value_name = "N")]
    budget: u64,
    /// Seconds that an engine may take for one module of `bombs` (5 unless told), `compile` or `streaming` (for ever unless
    /// told; so long may a module take to arrive, too).
    #[arg(long, value_name = "N", value_parser = positive)]
    limit: Option<f64>,
    /// The sizes of `bombs`, as multiples of the smallest that is tested.
    #[arg(long, value_delimiter = ',', default_values_t = [4, 8, 16, 32], value_name = "N,..")]
    scales: Vec<u32>,
    /// The engines of `bombs` beside ours.
    #[arg(long, value_delimiter = ',', default_values = &ENGINES[1..], value_name = "NAME,..")]
    beside: Vec<String>,
    /// Where `bombs` writes its report, with the plot beside it, when no `--only` leaves families out.
    #[arg(long, default_value = "reports/bombs.md", value_name = "FILE")]
    report: PathBuf,
    /// Writes the report as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Says what is faster, slower, or nobody can be sure of beside this: the JSON of an earlier run, or a nightly report.
    /// What gates and is slower fails the command
    #[arg(long, value_name = "FILE", conflicts_with = "ablate")]
    baseline: Option<PathBuf>,
}

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Subject {
    /// From the module's bytes to code that can be called, on one thread.
    Compile,
    /// From the last byte of a module that arrives at a steady rate to code that can be called.
    Streaming,
    /// One call of `run`.
    Execute,
    /// One call of `run` of programs with vectors.
    Simd,
    /// One call of `run` of programs that are written in Microwasm, beside their Wasm form.
    Microwasm,
    /// Growth of compile time and memory over families of compiler bombs.
    Bombs,
    /// Each operator in a loop of its own: its code, and its time beside Cranelift's.
    Operators,
    /// Executed instructions of operators, programs and their compilation, counted by callgrind.
    Counted,
    /// Static counters of the code of each program, and the work of compiling it.
    Sizes,
}

impl Subject {
    /// The suite, if it compares times of one module at a time.
    const fn suite(self) -> Option<Suite> {
        match self {
            Subject::Compile => Some(Suite::Compile),
            Subject::Streaming => Some(Suite::Streaming),
            Subject::Execute => Some(Suite::Execute),
            Subject::Simd => Some(Suite::Simd),
            Subject::Microwasm => Some(Suite::Microwasm),
            Subject::Bombs | Subject::Operators | Subject::Counted | Subject::Sizes => None,
        }
    }
}

/// Carries out the command.
///
/// # Errors
///
/// If a file cannot be read or written, or nothing is left to measure.
pub fn run(args: &Args) -> Result<u8> {
    if args.suite == Some(Subject::Bombs) {
        ensure!(!args.ablate && !args.v8 && args.files.is_empty(), "`bombs` makes its modules, and has its engines");
        let limit = args.limit().unwrap_or(LIMIT);
        let (only, scales, beside) = (args.only.clone(), args.scales.clone(), args.beside.clone());
        for name in &beside {
            ensure!(
                ENGINES.contains(&name.as_str()),
                "no engine of `bombs` is called `{name}`: {}",
                ENGINES.join(", ")
            );
        }
        let options = bombs::Options { only, scales, limit, beside };
        return bombs::run(&options, &args.report, &args.files_to());
    }
    if let Some(subject @ (Subject::Operators | Subject::Counted | Subject::Sizes)) = args.suite {
        ensure!(!args.ablate && !args.v8 && args.files.is_empty(), "this suite has its own programs and engines");
        return match subject {
            Subject::Operators => count::operators(&args.only, &args.effort(), &args.files_to()),
            Subject::Counted => count::counted(&args.only, &args.files_to()),
            _ => count::sizes(&args.only, &args.files_to()),
        };
    }
    if args.ablate { run_ablation(args) } else { run_comparison(args) }
}

impl Args {
    /// Where what was measured goes, and what it is compared with.
    fn files_to(&self) -> Measured<'_> {
        Measured { json: self.json.as_deref(), baseline: self.baseline.as_deref() }
    }

    fn rate(&self) -> Rate {
        Rate { bytes_per_second: self.rate * 1e6, ..Rate::default() }
    }

    fn suite(&self) -> Option<Suite> {
        self.suite.and_then(Subject::suite)
    }

    fn limit(&self) -> Option<Duration> {
        self.limit.map(Duration::from_secs_f64)
    }

    fn effort(&self) -> Effort {
        Effort {
            rounds: self.rounds,
            round: Duration::from_millis(self.round_ms),
            budget: Duration::from_secs(self.budget),
        }
    }
}

/// Where what was measured goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured<'a> {
    /// The file for its JSON.
    json: Option<&'a Path>,
    /// The file that it is compared with.
    baseline: Option<&'a Path>,
}

impl Measured<'_> {
    /// Writes what was measured, and says what changed; the exit code for that.
    ///
    /// # Errors
    ///
    /// If a file cannot be written or read.
    pub(super) fn done(&self, report: &impl Serialize) -> Result<u8> {
        // The two may be the same file; and what was measured is not lost if the baseline cannot be read.
        let worse = self.baseline.map_or(Ok(FINE), |file| verdicts::compare(report, file));
        if let Some(path) = self.json {
            write_json(path, report)?;
        }
        worse
    }
}

/// A rate that something can arrive at, or a time that it can take.
fn positive(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(number) if number > 0.0 && f64::is_finite(number) => Ok(number),
        _ => Err("not a positive number".to_string()),
    }
}

/// Ourselves beside other engines.
fn run_comparison(args: &Args) -> Result<u8> {
    let options = Options {
        suites: args.suite().map_or_else(|| Suite::ALL.to_vec(), |suite| vec![suite]),
        files: args.files.clone(),
        only: args.only.clone(),
        v8: args.v8,
        jobs: args.jobs,
        rate: args.rate(),
        effort: args.effort(),
        limit: args.limit(),
    };
    let cases: usize = options.suites.iter().map(|suite| Ok(options.cases(*suite)?.len())).sum::<Result<usize>>()?;
    ensure!(cases > 0, "nothing to measure: no program's name contains {:?}", args.only);
    let bar = progress::bar(cases as u64, "programs");
    let mut started = 0;
    let interrupt = Interrupt::watch()?;
    let report = run_suites(&options, &interrupt.flag(), |suite, name| {
        bar.set_position(started);
        bar.set_message(format!("{} {name}", suite.name()));
        started += 1;
    })?;
    bar.finish_and_clear();

    let mut text = String::new();
    table::print(&report, &mut text).context("a table cannot be printed")?;
    print!("{text}");
    let worse = args.files_to().done(&report)?;
    let void = report.void().count();
    let measured: usize = report.suites.values().map(|suite| suite.programs.len()).sum();
    let skipped = report.skipped().count();
    let skipped = if skipped == 0 { String::new() } else { format!(", {skipped} not measured") };
    let early = remark(report.interrupted);
    println!("bench: {measured} rows, {void} void{skipped}{early}");
    Ok(if void == 0 { worse } else { FOUND })
}

/// Ourselves beside ourselves without a rewrite.
fn run_ablation(args: &Args) -> Result<u8> {
    let suite = args.suite().unwrap_or(Suite::Execute);
    let selection = Options {
        suites: vec![suite],
        files: args.files.clone(),
        only: args.only.clone(),
        v8: false,
        jobs: None,
        rate: args.rate(),
        effort: args.effort(),
        limit: None,
    };
    let options = ablate::Options {
        suite,
        setup: Setup::parse(&args.engine)?,
        ablations: if args.switch.is_empty() { Ablation::list() } else { args.switch.clone() },
        programs: selection.cases(suite)?,
        modules: modules(args, &selection)?,
        effort: selection.effort,
    };
    let count = options.programs.len() + options.modules.len();
    ensure!(count > 0, "nothing to measure: no module's name contains {:?}", args.only);
    let bar = progress::bar(count as u64, "modules");
    let mut started = 0;
    let report = ablate::run(&options, |name| {
        bar.set_position(started);
        bar.set_message(name.to_string());
        started += 1;
    })?;
    bar.finish_and_clear();

    let mut text = String::new();
    table::print_ablation(&report, &mut text).context("a table cannot be printed")?;
    say(text.trim_end());
    if let Some(path) = &args.json {
        write_json(path, &report)?;
    }
    let void = report.void().count();
    say(format_args!("bench: {} switches, {count} modules, {void} void", report.switches.len()));
    Ok(if void == 0 { FINE } else { FOUND })
}

/// The modules whose code alone counts: those that are named, or else the real ones as far as they are there.
fn modules(args: &Args, selection: &Options) -> Result<Vec<Case>> {
    let folder = match &args.modules {
        Some(path) => path,
        None if args.files.is_empty() && Path::new(REAL_MODULES).is_dir() => Path::new(REAL_MODULES),
        None => return Ok(Vec::new()),
    };
    let mut files = files::modules(&[folder.to_path_buf()])?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "wasm"));
    let cases: Vec<Case> = files.iter().map(|path| Case::file(path)).collect::<Result<_>>()?;
    Ok(cases.into_iter().filter(|case| selection.wants(&case.name)).collect())
}
