//! `wasm-validate` of WABT, a validator that shares no code with ours or with Wasmtime's: an engine that only says
//! whether a module is valid. It is an external program, and optional.

use super::Missing;
use super::holes::{self, Hole};
use crate::engine::{Engine, Instance, Module};
use crate::host::Host;
use crate::outcome::Rejection;
use crate::shape::Shape;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

/// The name of this engine, and of the program.
pub const NAME: &str = "wasm-validate";

/// What is beyond Wasm 2.0 is off by default; of that we have relaxed vectors. Other tools' sections say nothing about
/// validity.
const OPTIONS: [&str; 2] = ["--ignore-custom-section-errors", "--enable-relaxed-simd"];

/// The program, where it is installed.
#[derive(Debug, Clone)]
pub struct WasmValidate {
    program: PathBuf,
}

impl WasmValidate {
    /// The program on the `PATH`.
    ///
    /// # Errors
    ///
    /// If it is not there.
    pub fn find() -> Result<WasmValidate, Missing> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let program = std::env::split_paths(&path).map(|folder| folder.join(NAME)).find(|file| file.is_file());
        program.map(|program| WasmValidate { program }).ok_or(Missing::Program { engine: NAME, package: "wabt" })
    }

    /// What it calls its version.
    ///
    /// # Errors
    ///
    /// If it cannot be started.
    pub fn version(&self) -> std::io::Result<String> {
        let output = Command::new(&self.program).arg("--version").output()?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_string())
    }

    fn ask(&self, wasm: &[u8]) -> std::io::Result<Result<(), Rejection>> {
        let mut child = Command::new(&self.program)
            .args(OPTIONS)
            .arg("-")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        // Dropped at once, so that it sees the end. One that does not read to the end has its reason.
        let written = child.stdin.take().map_or(Ok(()), |mut stdin| stdin.write_all(wasm));
        let output = child.wait_with_output()?;
        let message = String::from_utf8_lossy(&output.stderr).trim().to_string();
        Ok(match output.status.code() {
            Some(0) => written.map(|()| Ok(()))?,
            Some(1) => Err(Rejection::Invalid(message)),
            _ => Err(Rejection::Limit(format!("{NAME} ended with {}: {message}", output.status))),
        })
    }
}

impl Engine for WasmValidate {
    fn name(&self) -> &str {
        NAME
    }

    fn compile(&self, wasm: &[u8]) -> Result<Box<dyn Module>, Rejection> {
        match self.ask(wasm) {
            Ok(verdict) => verdict.map(|()| Box::new(Validated) as Box<dyn Module>),
            Err(error) => Err(Rejection::Limit(format!("{NAME} cannot be asked: {error}"))),
        }
    }

    fn runs(&self) -> bool {
        false
    }

    fn hole(&self, wasm: &[u8]) -> Option<Hole> {
        holes::known(self, wasm)
    }
}

/// A valid module.
struct Validated;

impl Module for Validated {
    fn prepare(&self, _: Arc<Shape>, _: Host) -> Result<Box<dyn Instance>, String> {
        Err(format!("{NAME} runs nothing"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_is_valid() {
        let validator = match WasmValidate::find() {
            Ok(validator) => validator,
            Err(missing) => {
                assert!(missing.to_string().contains("wabt"), "{missing}");
                return;
            }
        };
        let compile = |wat: &str| validator.compile(&wat::parse_str(wat).expect("well-formed text")).map(drop);
        assert_eq!(compile("(module (func (result i32) (i32.const 1)))"), Ok(()));
        assert!(matches!(compile("(module (func (result i32) (i64.const 1)))"), Err(Rejection::Invalid(_))));
        // What Wasm 2.0 has not is not valid.
        assert!(matches!(compile("(module (memory 1) (memory 1))"), Err(Rejection::Invalid(_))));
        assert!(!validator.version().expect("it starts").is_empty());
    }
}
