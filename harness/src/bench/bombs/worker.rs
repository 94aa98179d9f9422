//! The process in which one engine compiles one family: the parent's side and the child's.

use super::Point;
use crate::bench::memory::{forget_peak, resident};
use crate::cpu;
use crate::engines::wasmtime::{Backend, config};
use crate::pathological::{Family, families};
use anyhow::{Context, Result, anyhow, bail};
use std::hint::black_box;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use wasmparser::{Validator, WasmFeatures};

/// Sizes are measured in turn in so many rounds: a processor that slows down for seconds would look like growth, ...
const ROUNDS: u32 = 20;
/// ... but no round begins after so long.
const BUDGET: Duration = Duration::from_secs(1);
/// In a round, runs of one module go on for so long, ...
const SPAN: Duration = Duration::from_millis(4);
/// ... and there are so many, since a single one finds caches that the other sizes have filled, ...
const RUNS: u32 = 3;
/// ... but none begins after so long.
const LONGEST: Duration = Duration::from_millis(60);
/// What a child needs beside its work: to start, to write the module, to be scheduled.
const GRACE: Duration = Duration::from_secs(5);

/// Lets an engine compile modules of a family in ascending size, until one takes longer than the limit, and then again
/// in further rounds; the reason comes with what was measured until then, round by round.
///
/// # Errors
///
/// If the process cannot be started.
pub fn measure(
    engine: &str,
    family: &Family,
    sizes: &[u32],
    limit: Duration,
) -> Result<(Vec<Vec<Point>>, Option<String>)> {
    let program = std::env::current_exe().context("this program's file is not known")?;
    let mut command = Command::new(program);
    command.args(["bomb-worker", "--engine", engine, "--family", family.name]);
    command.args(sizes.iter().map(u32::to_string));
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().context("a worker")?;
    let output = child.stdout.take().context("the worker's output is piped")?;
    let mut errors = child.stderr.take().context("the worker's errors are piped")?;
    let (sender, lines) = channel();
    let reader = std::thread::spawn(move || {
        BufReader::new(output).lines().map_while(Result::ok).for_each(|line| drop(sender.send(line)));
    });

    let mut points: Vec<Point> = Vec::new();
    let ended = loop {
        // The order of the sizes is the same in all rounds.
        let Some(size) = sizes.iter().cycle().nth(points.len()) else { break None };
        match lines.recv_timeout(limit + GRACE) {
            Ok(line) => {
                let point: Point = serde_json::from_str(&line).context("what the worker says is not understood")?;
                points.push(point);
                if point.seconds > limit.as_secs_f64() && points.len() < sizes.len() {
                    break Some(format!("{:.1} s at size {}, so no larger one", point.seconds, point.size));
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                break Some(format!("more than {} s at size {size}", limit.as_secs()));
            }
            Err(RecvTimeoutError::Disconnected) => {
                let mut text = String::new();
                std::io::Read::read_to_string(&mut errors, &mut text).context("the worker's errors")?;
                if child.wait().context("the worker")?.success() {
                    break None;
                }
                let last = text.trim().lines().last().unwrap_or("it died").trim_start_matches("error: ").to_string();
                break Some(format!("size {size}: {last}"));
            }
        }
    };
    // It may have ended by itself; then there is nothing to kill.
    drop(child.kill());
    child.wait().context("the worker")?;
    reader.join().map_err(|_| anyhow!("the reader of the worker's output panicked"))?;
    Ok((points.chunks(sizes.len().max(1)).map(<[Point]>::to_vec).collect(), ended))
}

/// The child: compiles all modules in turn, again and again, and says each time what one took, in a line of JSON.
///
/// # Errors
///
/// If the engine or the family is unknown, or a module cannot be compiled.
pub fn main(engine: &str, family: &str, sizes: &[u32]) -> Result<()> {
    let family = families().find(|known| known.name == family).with_context(|| format!("no family `{family}`"))?;
    let compile = compiler(engine)?;
    // Whatever an engine allocates once is not the family's.
    compile(&(family.build)(1))?;
    let begin = Instant::now();
    for _ in 0..ROUNDS {
        if begin.elapsed() > BUDGET {
            break;
        }
        for size in sizes {
            // Not kept for the next round: free memory below it would stay with the process, and peaks hide there.
            let wasm = (family.build)(*size);
            let line = serde_json::to_string(&measure_one(&compile, *size, &wasm)?)?;
            let mut out = std::io::stdout().lock();
            writeln!(out, "{line}").and_then(|()| out.flush()).context("nobody reads the results")?;
        }
    }
    Ok(())
}

type Compile = Box<dyn Fn(&[u8]) -> Result<()>>;

/// What compiles (or validates) a module for an engine of this name.
fn compiler(engine: &str) -> Result<Compile> {
    let backend = match engine {
        "lightbeam" => {
            let engine = lightbeam::Engine::new(&lightbeam::Config::new())?;
            return Ok(Box::new(move |wasm| {
                black_box(lightbeam::Module::new(&engine, wasm))?;
                Ok(())
            }));
        }
        "validate" => {
            return Ok(Box::new(|wasm| {
                black_box(Validator::new_with_features(WasmFeatures::WASM2).validate_all(wasm))?;
                Ok(())
            }));
        }
        "winch" => Backend::Winch,
        "cranelift" => Backend::CraneliftSpeed,
        _ => bail!("no engine `{engine}`"),
    };
    let engine = wasmtime::Engine::new(&config(backend)).map_err(|error| anyhow!("{error}"))?;
    Ok(Box::new(move |wasm| {
        black_box(wasmtime::Module::from_binary(&engine, wasm)).map_err(|error| anyhow!("{error:#}"))?;
        Ok(())
    }))
}

fn measure_one(compile: &Compile, size: u32, wasm: &[u8]) -> Result<Point> {
    let before = forget_peak();
    let once = || -> Result<f64> {
        let start = cpu::seconds(cpu::Of::Process);
        compile(wasm)?;
        Ok(cpu::seconds(cpu::Of::Process) - start)
    };
    let begin = Instant::now();
    let mut fewest = once()?;
    let peak = before.and_then(|before| Some(resident("VmHWM")?.saturating_sub(before)));
    let mut runs = 1;
    while begin.elapsed() < SPAN || (runs < RUNS && begin.elapsed() < LONGEST) {
        fewest = fewest.min(once()?);
        runs += 1;
    }
    Ok(Point { size, bytes: wasm.len(), seconds: fewest, peak })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engines_compile_a_family_and_peaks_are_seen() {
        let family = families().find(|family| family.name == "nested-blocks").expect("it is there");
        for engine in super::super::ENGINES {
            let compile = compiler(engine).expect("it is an engine");
            let point = measure_one(&compile, 50, &(family.build)(50)).expect("it compiles");
            assert!(point.bytes > 100 && point.seconds > 0.0 && point.seconds < 5.0, "{engine}: {point:?}");
        }
        assert!(compiler("liftoff").is_err());
    }
}
