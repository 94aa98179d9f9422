//! The engines, one file each.

pub mod either;
pub mod filtered;
pub mod holes;
pub mod interpreter;
pub mod mutant;
pub mod ours;
pub mod setup;
pub mod validator;
#[cfg(feature = "wasmi")]
pub mod wasmi;
pub mod wasmtime;

use crate::engine::{ENGINES, Engine};
use anyhow::{Result, bail, ensure};
use thiserror::Error;

/// An engine that exists and cannot take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Missing {
    /// This build is without it.
    #[error("this build is without the engine `{engine}`: it needs the feature `{feature}` of lightbeam-harness")]
    Feature {
        /// Its name.
        engine: &'static str,
        /// The feature of the crate that has it.
        feature: &'static str,
    },
    /// An external program is not installed.
    #[error("the engine `{engine}` is a program that is not on the PATH: the package {package} has it")]
    Program {
        /// Its name.
        engine: &'static str,
        /// The package that has it.
        package: &'static str,
    },
}

/// The engine of this name; `lightbeam` has configurations ([`setup`]), and `first/second` is [`either`] of two.
///
/// # Errors
///
/// [`Missing`] if this build or machine is without it; another error if there is no such engine or configuration, or
/// if it cannot run on this machine.
pub fn by_name(name: &str) -> Result<Box<dyn Engine>> {
    Ok(match name {
        "cranelift" => Box::new(wasmtime::Wasmtime::new(wasmtime::Backend::CraneliftSpeed)?),
        "cranelift-none" => Box::new(wasmtime::Wasmtime::new(wasmtime::Backend::CraneliftNone)?),
        "winch" => Box::new(wasmtime::Wasmtime::new(wasmtime::Backend::Winch)?),
        "microwasm" => Box::new(interpreter::Interpreter),
        validator::NAME => Box::new(validator::WasmValidate::find()?),
        #[cfg(feature = "wasmi")]
        wasmi::NAME => Box::new(wasmi::Wasmi::new()),
        #[cfg(not(feature = "wasmi"))]
        "wasmi" => return Err(Missing::Feature { engine: "wasmi", feature: "wasmi" }.into()),
        _ if let Some(inner) = mutant::inner(name) => {
            // Mutants of mutants are mutants, and a name as long as the command line must not recurse.
            ensure!(mutant::inner(inner).is_none(), "`{name}` is a mutant twice");
            Box::new(mutant::Mutant::new(by_name(inner)?))
        }
        _ if let Some((first, second)) = name.split_once('/') => {
            ensure!(!second.contains('/'), "`{name}` names more than two engines");
            Box::new(either::Either::new(by_name(first)?, by_name(second)?))
        }
        _ if name.starts_with("lightbeam") => Box::new(ours::Lightbeam::new(name)?),
        _ => bail!("no engine is called `{name}`; there are {}", ENGINES.join(", ")),
    })
}
