//! The engines, one file each.

pub mod interpreter;
pub mod ours;
pub mod setup;
pub mod wasmtime;

use crate::engine::{ENGINES, Engine};
use anyhow::{Result, bail};

/// The engine of this name; `lightbeam` has configurations ([`setup`]).
///
/// # Errors
///
/// If there is no such engine or configuration, or if it cannot run on this machine.
pub fn by_name(name: &str) -> Result<Box<dyn Engine>> {
    Ok(match name {
        "cranelift" => Box::new(wasmtime::Wasmtime::new(wasmtime::Backend::CraneliftSpeed)?),
        "cranelift-none" => Box::new(wasmtime::Wasmtime::new(wasmtime::Backend::CraneliftNone)?),
        "winch" => Box::new(wasmtime::Wasmtime::new(wasmtime::Backend::Winch)?),
        "microwasm" => Box::new(interpreter::Interpreter),
        _ if name.starts_with("lightbeam") => Box::new(ours::Lightbeam::new(name)?),
        _ => bail!("no engine is called `{name}`; there are {}", ENGINES.join(", ")),
    })
}
