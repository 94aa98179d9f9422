//! A module as a file holds it: Wasm, or Microwasm in one of its forms.

use anyhow::{Context, Result};
use lightbeam::CompileError;
use lightbeam::microwasm::Sink;
use lightbeam::microwasm::binary::Decoder;
use lightbeam::microwasm::text::parse;
use lightbeam::wasm::module::ModuleInfo;
use lightbeam::wasm::stream::Frontend;
use std::path::Path;

/// A module in the form that it was written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Wasm's binary format.
    Wasm(Vec<u8>),
    /// Microwasm's binary format.
    Microwasm(Vec<u8>),
    /// Microwasm's text.
    MicrowasmText(String),
}

impl Source {
    /// Reads a file: `.mwasm` and `.mwat` are Microwasm, everything else is Wasm or its text.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or if it is text that is not well-formed.
    pub fn read(path: &Path) -> Result<Source> {
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        let source = match extension.as_str() {
            "mwasm" => Source::Microwasm(bytes),
            "mwat" => Source::MicrowasmText(String::from_utf8(bytes).context("the text is not UTF-8")?),
            _ => Source::Wasm(wat::parse_bytes(&bytes)?.into_owned()),
        };
        Ok(source)
    }

    /// Says the module to a sink, checked, and returns what it declares.
    ///
    /// # Errors
    ///
    /// If the module is refused.
    pub fn say<S: Sink>(&self, sink: S) -> Result<(ModuleInfo, S), CompileError> {
        match self {
            Source::Wasm(wasm) => {
                let mut frontend = Frontend::new(sink);
                frontend.push(wasm)?;
                frontend.finish()
            }
            Source::Microwasm(bytes) => {
                let mut decoder = Decoder::new(sink);
                decoder.push(bytes)?;
                decoder.finish()
            }
            Source::MicrowasmText(text) => parse(text, sink),
        }
    }
}
