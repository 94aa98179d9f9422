//! The suite `streaming`: a module arrives at a steady rate; from its last byte to code that could be called.
//!
//! We compile while it arrives. The others start when all of it is there, so nothing waits for their bytes; so does
//! `at-once`, which is us without streaming.

use super::compile::{Lightbeam, Wasmtime};
use super::patience::{NotMeasured, Patience};
use super::rounds::Contender;
use super::{Case, Field, OURS};
use crate::engines::setup::Setup;
use crate::engines::wasmtime::Backend;
use anyhow::{Context, Result, anyhow};
use lightbeam::{Engine, ModuleBuilder};
use serde::Serialize;
use std::time::{Duration, Instant};

/// How a module arrives.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Rate {
    /// Bytes in a second.
    pub bytes_per_second: f64,
    /// Bytes in a piece.
    pub piece: usize,
}

impl Default for Rate {
    /// A hundred megabits in a second, in pieces of what a TLS record carries.
    fn default() -> Rate {
        Rate { bytes_per_second: 12.5e6, piece: 16 << 10 }
    }
}

/// What one arrival was like.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Arrival {
    /// How the module arrived.
    pub rate: Rate,
    /// Seconds from the first byte to the last.
    pub arriving: f64,
    /// Seconds of those in which we compiled.
    pub compiling: f64,
    /// Seconds from the first byte to the first function that can be called. A module is valid or not as a whole,
    /// so this is when it is complete.
    pub first_function: f64,
    /// The most bytes that were held at a time because they could not be compiled yet.
    pub held: usize,
}

/// What the suite takes part with.
///
/// # Errors
///
/// The outer one if Wasmtime cannot be configured; the inner one if we cannot compile the module, or not in time.
pub fn field<'a>(case: &'a Case, rate: Rate, patience: &mut Patience) -> Result<Result<Field<'a>, NotMeasured>> {
    let arriving = Duration::from_secs_f64(case.wasm.len() as f64 / rate.bytes_per_second);
    if let Err(reason) = patience.grant("arriving", arriving) {
        return Ok(Err(reason));
    }
    let mut all: Vec<Box<dyn Contender + 'a>> = vec![
        Box::new(Streamed { engine: engine()?, wasm: &case.wasm, rate }),
        Box::new(Lightbeam::new("at-once", &case.wasm, &Setup::DEFAULT)?),
    ];
    for (name, backend) in [("winch", Backend::Winch), ("cranelift", Backend::CraneliftSpeed)] {
        all.push(Box::new(Wasmtime::new(name, backend, &case.wasm)?));
    }
    Ok(patience.field(all, case.wasm.len()))
}

fn engine() -> Result<Engine> {
    Engine::new(&lightbeam::Config::new()).context("our engine cannot be configured")
}

/// Lets a module arrive and compiles it meanwhile: what that was like, and the time from the last byte on.
///
/// # Errors
///
/// If we cannot compile the module.
pub fn arrive(engine: &Engine, wasm: &[u8], rate: Rate) -> Result<(Arrival, Duration)> {
    let mut builder = ModuleBuilder::new(engine);
    let (mut held, mut compiling) = (0, Duration::ZERO);
    let (mut arrived, begin) = (0, Instant::now());
    let mut last_byte = begin;
    for piece in wasm.chunks(rate.piece.max(1)) {
        arrived += piece.len();
        let due = begin + Duration::from_secs_f64(arrived as f64 / rate.bytes_per_second);
        // If we are behind, the bytes were there when they were due.
        last_byte = due;
        let early = due.saturating_duration_since(Instant::now());
        if !early.is_zero() {
            std::thread::sleep(early);
            last_byte = Instant::now();
        }
        let start = Instant::now();
        builder.push(piece)?;
        compiling += start.elapsed();
        held = held.max(builder.held());
    }
    let module = builder.finish();
    let callable = Instant::now();
    module?;
    let arrival = Arrival {
        rate,
        arriving: last_byte.duration_since(begin).as_secs_f64(),
        compiling: compiling.as_secs_f64(),
        first_function: callable.duration_since(begin).as_secs_f64(),
        held,
    };
    Ok((arrival, callable.duration_since(last_byte)))
}

/// One arrival of a case, outside the rounds.
///
/// # Errors
///
/// If we cannot compile the module.
pub fn arrival(case: &Case, rate: Rate) -> Result<Arrival> {
    Ok(arrive(&engine()?, &case.wasm, rate)?.0)
}

/// Our compiler while bytes arrive.
struct Streamed<'a> {
    engine: Engine,
    wasm: &'a [u8],
    rate: Rate,
}

impl Contender for Streamed<'_> {
    fn name(&self) -> &'static str {
        OURS
    }

    fn once(&mut self) -> Result<Duration> {
        let (_, latency) = arrive(&self.engine, self.wasm, self.rate).map_err(|error| anyhow!("{OURS}: {error}"))?;
        Ok(latency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrival_takes_no_less_than_its_rate_says() {
        let wasm = wat::parse_str(format!("(module (func {}))", "(drop (i32.const 1))".repeat(3000))).expect("valid");
        let rate = Rate { bytes_per_second: wasm.len() as f64 * 20.0, piece: 100 };
        let (arrival, _) = arrive(&engine().expect("the host is supported"), &wasm, rate).expect("it compiles");
        assert!(arrival.arriving >= 0.05, "{arrival:?}");
        assert!(arrival.first_function >= arrival.arriving);
        assert!(arrival.held < 200, "no whole function is held: {arrival:?}");
    }

    #[test]
    fn a_module_that_is_refused_has_no_time() {
        let engine = engine().expect("the host is supported");
        assert!(arrive(&engine, b"\0asm\x01\0\0\0\x01", Rate::default()).is_err());
    }
}
