//! Benchmarks: our compiler and its code beside validation, Winch, Cranelift and native code, as ratios.
//!
//! A ratio is our time over theirs within one round of [`rounds::measure`]; what is reported is the median over the
//! rounds with its interval. A program on which any engine returns a wrong checksum is void and has no ratios.

pub mod ablate;
pub mod bombs;
pub mod compile;
pub mod counted;
pub mod execute;
pub mod instantiate;
pub mod memory;
pub mod microwasm;
pub mod operators;
pub mod patience;
pub mod rounds;
pub mod sizes;
pub mod stats;
pub mod streaming;
pub mod table;
pub mod v8;

use anyhow::{Context, Result};
use lightbeam::compile::CompilerConfig;
use patience::{NotMeasured, Patience};
use rounds::{Contender, Effort};
use serde::{Deserialize, Serialize};
use stats::{Summary, geometric_mean};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use xxhash_rust::xxh3::xxh3_64;

/// The name of our own engine.
pub const OURS: &str = "lightbeam";

/// A group of cases with one meaning of "time".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Suite {
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
}

impl Suite {
    /// All suites, in the order they run.
    pub const ALL: [Suite; 5] = [Suite::Compile, Suite::Streaming, Suite::Execute, Suite::Simd, Suite::Microwasm];

    /// The name in JSON and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Suite::Compile => "compile",
            Suite::Streaming => "streaming",
            Suite::Execute => "execute",
            Suite::Simd => "simd",
            Suite::Microwasm => "microwasm",
        }
    }

    /// The engines that ours is compared with, in the table's order.
    pub const fn engines(self) -> &'static [&'static str] {
        match self {
            Suite::Compile => {
                &["validate", compile::JOBS, "singlepass", "winch", v8::LIFTOFF, "cranelift-none", "cranelift"]
            }
            Suite::Streaming => &["at-once", "winch", "cranelift"],
            Suite::Execute | Suite::Simd => {
                &["winch", v8::LIFTOFF, "cranelift-none", "cranelift", "native-novec", "native"]
            }
            Suite::Microwasm => &["wasm", "cranelift"],
        }
    }
}

/// One module to measure.
#[derive(Debug, Clone)]
pub struct Case {
    /// The name in the table.
    pub name: String,
    /// The module.
    pub wasm: Cow<'static, [u8]>,
    /// The program it comes from, which knows its checksum and its native twins; `None` for a user's file.
    pub program: Option<&'static lightbeam_bench::Program>,
    /// The program in both languages, if it is one of those.
    pub twin: Option<&'static microwasm::Twin>,
    /// Whether it is a module that others have made for use.
    pub real: bool,
}

/// Where the real modules are, from the repository's root.
pub const REAL_MODULES: &str = "corpora/real";

impl Case {
    /// The scalar programs of this repository.
    pub fn programs() -> Vec<Case> {
        Case::shipped(lightbeam_bench::programs())
    }

    /// The programs of this repository with vectors.
    pub fn simd_programs() -> Vec<Case> {
        Case::shipped(lightbeam_bench::simd_programs())
    }

    fn shipped(programs: &'static [lightbeam_bench::Program]) -> Vec<Case> {
        let case = |program: &'static lightbeam_bench::Program| Case {
            name: program.name.to_string(),
            wasm: Cow::Borrowed(program.wasm),
            program: Some(program),
            twin: None,
            real: false,
        };
        programs.iter().map(case).collect()
    }

    /// A user's module.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn file(path: &Path) -> Result<Case> {
        let wasm = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let name = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Ok(Case { name, wasm: Cow::Owned(wasm), program: None, twin: None, real: false })
    }

    /// The real modules, by size, as far as they are there.
    ///
    /// # Errors
    ///
    /// If one cannot be read.
    pub fn real_modules() -> Result<Vec<Case>> {
        let Ok(folder) = std::fs::read_dir(REAL_MODULES) else { return Ok(Vec::new()) };
        let mut cases = Vec::new();
        for entry in folder {
            let path = entry.with_context(|| format!("cannot list {REAL_MODULES}"))?.path();
            if path.extension().is_some_and(|extension| extension == "wasm") {
                cases.push(Case { real: true, ..Case::file(&path)? });
            }
        }
        cases.sort_by_key(|case| case.wasm.len());
        Ok(cases)
    }
}

/// What was measured on one program.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// The program's name.
    pub name: String,
    /// The module's size in bytes.
    pub bytes: usize,
    /// Whether it is a module that others have made for use.
    pub real: bool,
    /// Seconds by engine.
    pub seconds: BTreeMap<&'static str, Summary>,
    /// Our time over theirs, by engine.
    pub ratio: BTreeMap<&'static str, Summary>,
    /// Engines that could not take part, with the reason.
    pub absent: BTreeMap<&'static str, String>,
    /// What the arrival was like, in the suite `streaming`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrival: Option<streaming::Arrival>,
    /// The memory that we took, in the suite `compile`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<memory::Memory>,
    /// A digest of our machine code, in the suites that run it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Why this row counts for nothing, if it does not.
    pub void: Option<String>,
    /// Why this row was not measured, with nothing wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skipped: Option<String>,
}

/// What was measured in one suite.
#[derive(Debug, Clone, Serialize)]
pub struct SuiteReport {
    /// Geometric means of the ratios' medians over the programs, by engine.
    pub geomean: BTreeMap<&'static str, f64>,
    /// The same over the real modules.
    pub geomean_real: BTreeMap<&'static str, f64>,
    /// The programs, in the order they ran.
    pub programs: Vec<Row>,
}

/// What a run of the benchmarks says.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Where it ran.
    pub machine: Machine,
    /// The suites.
    pub suites: BTreeMap<&'static str, SuiteReport>,
    /// Whether somebody ended the run before all programs were measured.
    pub interrupted: bool,
}

impl Report {
    /// Names of the rows that are void, with the reasons.
    pub fn void(&self) -> impl Iterator<Item = (&str, &str)> {
        self.suites
            .values()
            .flat_map(|suite| &suite.programs)
            .filter_map(|row| Some((row.name.as_str(), row.void.as_deref()?)))
    }

    /// The rows that were not measured, with nothing wrong.
    pub fn skipped(&self) -> impl Iterator<Item = &Row> {
        self.suites.values().flat_map(|suite| &suite.programs).filter(|row| row.skipped.is_some())
    }
}

/// What one has to know to read the figures.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Machine {
    /// The processor, as it names itself.
    pub cpu: String,
    /// The version of Lightbeam.
    pub lightbeam: String,
    /// The version of Wasmtime that is compared with, from the lock file.
    pub wasmtime: String,
    /// The version of V8, if it takes part.
    pub v8: Option<String>,
    /// The C compiler of the native twins.
    pub native_compiler: String,
    /// Whether this program was built without optimisation, which makes compile times meaningless.
    pub debug_build: bool,
}

impl Machine {
    /// This machine and this build.
    pub fn this() -> Machine {
        let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let cpu = cpuinfo
            .lines()
            .find_map(|line| Some(line.strip_prefix("model name")?.trim_start_matches([' ', '\t', ':'])));
        Machine {
            cpu: cpu.unwrap_or("unknown").to_string(),
            lightbeam: env!("CARGO_PKG_VERSION").to_string(),
            wasmtime: locked_version("wasmtime"),
            v8: None,
            native_compiler: lightbeam_bench::NATIVE_COMPILER.to_string(),
            debug_build: cfg!(debug_assertions),
        }
    }
}

/// The version of a package in this workspace's lock file.
pub(crate) fn locked_version(package: &str) -> String {
    let lock = include_str!("../../../Cargo.lock");
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines.nth(1).and_then(|line| line.strip_prefix("version = "));
    version.unwrap_or("unknown").trim_matches('"').to_string()
}

/// What to run.
#[derive(Debug, Clone)]
pub struct Options {
    /// The suites.
    pub suites: Vec<Suite>,
    /// The user's modules; when empty, the programs of this repository.
    pub files: Vec<PathBuf>,
    /// Only programs whose name contains one of these; all when empty.
    pub only: Vec<String>,
    /// Whether V8 takes part, through `node`.
    pub v8: bool,
    /// How many threads a second one of ours has in the suite `compile`, if there is one.
    pub jobs: Option<usize>,
    /// How modules arrive in the suite `streaming`.
    pub rate: streaming::Rate,
    /// How long to measure.
    pub effort: Effort,
    /// How long an engine may take for one module, in the suites `compile` and `streaming`.
    pub limit: Option<Duration>,
}

impl Options {
    /// Whether a program of this name is to be measured.
    pub fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|text| name.contains(text))
    }

    /// The cases of a suite to run. A user's modules are none of `microwasm`.
    ///
    /// # Errors
    ///
    /// If a file cannot be read.
    pub fn cases(&self, suite: Suite) -> Result<Vec<Case>> {
        let mut cases = match (suite, self.files.is_empty()) {
            (Suite::Microwasm, true) => microwasm::cases()?,
            (Suite::Microwasm, false) => Vec::new(),
            (Suite::Simd, true) => Case::simd_programs(),
            (Suite::Compile | Suite::Streaming, true) => {
                let mut cases = Case::programs();
                cases.extend(Case::real_modules()?);
                cases
            }
            (_, true) => Case::programs(),
            (_, false) => self.files.iter().map(|path| Case::file(path)).collect::<Result<_>>()?,
        };
        cases.retain(|case| self.wants(&case.name));
        Ok(cases)
    }
}

/// Runs suites until `stop` becomes true; `progress` hears of each case before it starts.
///
/// # Errors
///
/// If a file cannot be read or Wasmtime cannot be configured. What goes wrong with one program is in its row.
pub fn run(options: &Options, stop: &AtomicBool, mut progress: impl FnMut(Suite, &str)) -> Result<Report> {
    let mut suites = BTreeMap::new();
    let wished = || stop.load(Ordering::Relaxed);
    for &suite in &options.suites {
        let mut programs = Vec::new();
        let mut patience = Patience::new(options.limit);
        for case in &options.cases(suite)? {
            if wished() {
                break;
            }
            progress(suite, &case.name);
            programs.push(row(suite, case, options, &mut patience)?);
        }
        let (geomean, geomean_real) = (means(suite, &programs, false), means(suite, &programs, true));
        suites.insert(suite.name(), SuiteReport { geomean, geomean_real, programs });
    }
    let v8 = if options.v8 { v8::version() } else { None };
    Ok(Report { machine: Machine { v8, ..Machine::this() }, suites, interrupted: wished() })
}

/// The contenders of one case: who takes part, ours first, and who cannot.
pub struct Field<'a> {
    /// Those who take part; ours is the first.
    pub contenders: Vec<Box<dyn Contender + 'a>>,
    /// Those who cannot, with the reason.
    pub absent: BTreeMap<&'static str, String>,
}

/// Measures one case.
fn row(suite: Suite, case: &Case, options: &Options, patience: &mut Patience) -> Result<Row> {
    let mut row = Row {
        name: case.name.clone(),
        bytes: case.wasm.len(),
        real: case.real,
        seconds: BTreeMap::new(),
        ratio: BTreeMap::new(),
        absent: BTreeMap::new(),
        arrival: None,
        memory: None,
        code: None,
        void: None,
        skipped: None,
    };
    if matches!(suite, Suite::Execute | Suite::Simd) {
        row.code = code_digest(&case.wasm);
    }
    let field = match suite {
        Suite::Compile => compile::field(case, options.v8, options.jobs, patience)?,
        Suite::Streaming => streaming::field(case, options.rate, patience)?,
        Suite::Execute | Suite::Simd => execute::field(case, options.v8)?.map_err(NotMeasured::Void),
        Suite::Microwasm => microwasm::field(case)?.map_err(NotMeasured::Void),
    };
    let mut field = match field {
        Ok(field) => field,
        Err(reason) => {
            match reason {
                NotMeasured::Void(reason) => row.void = Some(reason),
                NotMeasured::Skipped(reason) => row.skipped = Some(reason),
            }
            return Ok(row);
        }
    };
    row.absent = std::mem::take(&mut field.absent);
    let mut effort = options.effort;
    if suite == Suite::Streaming {
        row.arrival = Some(streaming::arrival(case, options.rate)?);
        // An arrival takes its time however short the part is that is measured: one in each half of a round.
        effort.round = Duration::ZERO;
    }
    if suite == Suite::Compile {
        row.memory = memory::measure(&case.wasm)?;
    }
    match rounds::measure(&mut field.contenders, &effort) {
        Ok(samples) => {
            let ours = &samples[0];
            for (contender, theirs) in field.contenders.iter().zip(&samples) {
                row.seconds.extend(Summary::of(theirs).map(|summary| (contender.name(), summary)));
                let ratios: Vec<f64> = ours.iter().zip(theirs).map(|(ours, theirs)| ours / theirs).collect();
                if contender.name() != OURS {
                    row.ratio.extend(Summary::of(&ratios).map(|summary| (contender.name(), summary)));
                }
            }
        }
        Err(error) => row.void = Some(format!("{error:#}")),
    }
    Ok(row)
}

/// A digest of a module's machine code, if the compiler takes it.
fn code_digest(wasm: &[u8]) -> Option<String> {
    let config = CompilerConfig::native().ok()?;
    let code = lightbeam::compile::compile(wasm, &config).ok()?.code;
    Some(format!("{:016x}", xxh3_64(&code.bytes)))
}

/// The geometric means of a suite, over programs or over real modules.
fn means(suite: Suite, programs: &[Row], real: bool) -> BTreeMap<&'static str, f64> {
    let mean = |engine: &&'static str| {
        let medians =
            programs.iter().filter(|row| row.real == real).filter_map(|row| Some(row.ratio.get(engine)?.median));
        Some((*engine, geometric_mean(medians)?))
    };
    suite.engines().iter().filter_map(mean).collect()
}
