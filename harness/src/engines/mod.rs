//! The engines, one file each.

pub mod interpreter;
pub mod ours;
pub mod wasmtime;

use crate::engine::{ENGINES, Engine};
use anyhow::{Result, bail};

/// The engine of this name.
///
/// # Errors
///
/// If there is no such engine, or if it cannot run on this machine.
pub fn by_name(name: &str) -> Result<Box<dyn Engine>> {
    Ok(match name {
        "lightbeam" => Box::new(ours::Lightbeam::new()?),
        "cranelift" => Box::new(wasmtime::Wasmtime::new(wasmtime::Backend::CraneliftSpeed)?),
        "cranelift-none" => Box::new(wasmtime::Wasmtime::new(wasmtime::Backend::CraneliftNone)?),
        "winch" => Box::new(wasmtime::Wasmtime::new(wasmtime::Backend::Winch)?),
        "microwasm" => Box::new(interpreter::Interpreter),
        _ => bail!("no engine is called `{name}`; there are {}", ENGINES.join(", ")),
    })
}
