//! Benchmark programs: small C programs compiled to Wasm (committed) and to native code (when this package is built).
//!
//! Each program exports `run: [] -> [i32 | i64 | f64]`, imports nothing, may be called again and again in the same
//! instance, and returns a checksum that is written down in `programs/programs.toml` or `programs/simd/programs.toml`.
//! The harness's `lightbeam bench` and this package's criterion benches measure them.

pub mod lines;
#[cfg(feature = "singlepass")]
pub mod singlepass;

use std::fmt;
use std::sync::{Mutex, PoisonError};

include!(concat!(env!("OUT_DIR"), "/programs.rs"));
include!(concat!(env!("OUT_DIR"), "/simd.rs"));

/// The C compiler that built the native twins, as it names itself.
pub const NATIVE_COMPILER: &str = env!("LIGHTBEAM_BENCH_CC");

/// A program with its two forms and its expected result.
#[derive(Debug)]
pub struct Program {
    /// The name in tables and on the command line.
    pub name: &'static str,
    /// The module.
    pub wasm: &'static [u8],
    /// What `run` returns on every engine.
    pub checksum: Checksum,
    /// The same source at `-O2`.
    pub native: NativeFn,
    /// The same source at `-O2` without the vectoriser.
    pub native_novec: NativeFn,
    /// The C source of the native twin, and of the module if it has [lines](Program::lines).
    pub source: &'static str,
    /// The name of the source's file.
    pub file: &'static str,
    /// Which line each part of the module's code is from, if it was made from C: see [`lines::read`].
    pub lines: Option<&'static str>,
    /// The object file of [`native`](Program::native), with debugging information.
    pub object: &'static [u8],
}

/// What a program's `run` returns. Floats are equal when their bits are.
#[derive(Debug, Clone, Copy)]
pub enum Checksum {
    /// A 32-bit integer.
    I32(i32),
    /// A 64-bit integer.
    I64(i64),
    /// A double-precision number.
    F64(f64),
}

impl PartialEq for Checksum {
    fn eq(&self, other: &Self) -> bool {
        match (*self, *other) {
            (Checksum::I32(a), Checksum::I32(b)) => a == b,
            (Checksum::I64(a), Checksum::I64(b)) => a == b,
            (Checksum::F64(a), Checksum::F64(b)) => a.to_bits() == b.to_bits(),
            _ => false,
        }
    }
}

impl Eq for Checksum {}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Checksum::I32(value) => write!(f, "{value} (i32)"),
            Checksum::I64(value) => write!(f, "{value} (i64)"),
            Checksum::F64(value) => write!(f, "{value:?} (f64)"),
        }
    }
}

/// A program compiled by the C compiler.
#[derive(Debug, Clone, Copy)]
pub enum NativeFn {
    /// It returns `int`.
    I32(unsafe extern "C" fn() -> i32),
    /// It returns `long long`.
    I64(unsafe extern "C" fn() -> i64),
    /// It returns `double`.
    F64(unsafe extern "C" fn() -> f64),
}

/// The programs keep their data in static variables, so only one of them runs at a time.
static RUNNING: Mutex<()> = Mutex::new(());

impl NativeFn {
    /// Runs the program. Calls from several threads wait for each other.
    pub fn call(&self) -> Checksum {
        let _guard = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: the function is one of programs/*.c or programs/simd/*.c, which take nothing, touch only their own static variables
        // (guarded by the lock) and have the result type that programs.toml gives and the linker got from it.
        unsafe {
            match self {
                NativeFn::I32(run) => Checksum::I32(run()),
                NativeFn::I64(run) => Checksum::I64(run()),
                NativeFn::F64(run) => Checksum::F64(run()),
            }
        }
    }
}

/// The scalar programs, in the order of tables.
pub fn programs() -> &'static [Program] {
    PROGRAMS
}

/// The programs with vectors, in the order of tables. Their native twins need a CPU with SSE4.1, as Lightbeam does.
pub fn simd_programs() -> &'static [Program] {
    SIMD_PROGRAMS
}

/// The scalar program of that name.
pub fn program(name: &str) -> Option<&'static Program> {
    PROGRAMS.iter().find(|program| program.name == name)
}
