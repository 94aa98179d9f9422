//! V8's baseline compiler Liftoff, through `node` in a process of its own, which takes the time itself.

use super::rounds::Contender;
use anyhow::{Context, Result, bail};
use lightbeam_bench::Checksum;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

/// The name in tables and JSON.
pub const LIFTOFF: &str = "liftoff";

const SCRIPT: &str = include_str!("v8.js");

/// What V8 is asked to do again and again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Work {
    /// Compile the module, all of it, on one thread.
    Compile,
    /// Call `run`, which must return this.
    Call(Checksum),
}

/// A process of `node` that has the module.
pub(super) struct Liftoff {
    work: Work,
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Liftoff {
    /// # Errors
    ///
    /// If `node` is not installed.
    pub(super) fn new(wasm: &[u8], work: Work) -> Result<Liftoff> {
        let mode = if work == Work::Compile { "compile" } else { "call" };
        let mut child = Command::new("node")
            .args(["--liftoff-only", "--no-wasm-lazy-compilation", "--single-threaded", "-e", SCRIPT, "--", mode])
            .arg(wasm.len().to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("node")?;
        let input = child.stdin.take().context("node has no standard input")?;
        let output = child.stdout.take().context("node has no standard output")?;
        let mut liftoff = Liftoff { work, child, input, output: BufReader::new(output) };
        liftoff.input.write_all(wasm).context("node")?;
        Ok(liftoff)
    }
}

impl Contender for Liftoff {
    fn name(&self) -> &'static str {
        LIFTOFF
    }

    fn once(&mut self) -> Result<Duration> {
        self.input.write_all(b"\n").and_then(|()| self.input.flush()).context("liftoff: node is gone")?;
        let mut line = String::new();
        self.output.read_line(&mut line).context("liftoff: node is gone")?;
        let mut words = line.split_whitespace();
        let (Some(time), Some(kind), Some(value)) = (words.next(), words.next(), words.next()) else {
            bail!("liftoff: node answers {line:?}");
        };
        if time == "error" {
            bail!("liftoff: {}", line.trim_end().trim_start_matches("error "));
        }
        if let Work::Call(expected) = self.work {
            let result = checksum(kind, value, expected)?;
            if result != expected {
                bail!("liftoff returned {result}, not {expected}");
            }
        }
        Ok(Duration::from_nanos(time.parse().with_context(|| format!("liftoff: node answers {line:?}"))?))
    }
}

impl Drop for Liftoff {
    fn drop(&mut self) {
        // It may have ended already, and nobody waits for it otherwise.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The version of V8 that `node` has, if that is installed.
pub fn version() -> Option<String> {
    let output = Command::new("node").args(["-p", "process.versions.v8"]).output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_string()).filter(|version| !version.is_empty())
}

/// A result as the script prints it. JavaScript does not tell an i32 from an f64: that is as expected.
fn checksum(kind: &str, value: &str, expected: Checksum) -> Result<Checksum> {
    if kind == "i64" {
        return Ok(Checksum::I64(value.parse()?));
    }
    let number = f64::from_bits(value.parse()?);
    let is_i32 = number == f64::from(number as i32);
    Ok(if matches!(expected, Checksum::I32(_)) && is_i32 {
        Checksum::I32(number as i32)
    } else {
        Checksum::F64(number)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_their_type() {
        let of = |number: f64| number.to_bits().to_string();
        assert_eq!(checksum("i64", "-5", Checksum::I64(0)).expect("a number"), Checksum::I64(-5));
        assert_eq!(checksum("number", &of(-5.0), Checksum::I32(0)).expect("a number"), Checksum::I32(-5));
        assert_eq!(checksum("number", &of(-5.0), Checksum::F64(0.0)).expect("a number"), Checksum::F64(-5.0));
        assert_eq!(checksum("number", &of(0.5), Checksum::I32(0)).expect("a number"), Checksum::F64(0.5));
        assert!(checksum("i64", "x", Checksum::I64(0)).is_err());
    }

    #[test]
    fn a_call_and_a_compilation_are_timed() {
        let wasm =
            wat::parse_str(r#"(module (func (export "run") (result i64) (i64.const -7)))"#).expect("it is right");
        let works =
            [(Work::Call(Checksum::I64(-7)), true), (Work::Call(Checksum::I64(7)), false), (Work::Compile, true)];
        for (work, agrees) in works {
            match Liftoff::new(&wasm, work) {
                Ok(mut liftoff) => {
                    for _ in 0..3 {
                        assert_eq!(liftoff.once().is_ok(), agrees, "{work:?}");
                    }
                }
                // Where there is no `node` this is all there is to see: the error says so.
                Err(error) => assert_eq!(format!("{error}"), "node"),
            }
        }
        if let Ok(mut liftoff) = Liftoff::new(&wasm[..9], Work::Compile) {
            let error = liftoff.once().expect_err("the module is cut").to_string();
            assert!(error.contains("WebAssembly.Module"), "{error}");
        }
    }
}
