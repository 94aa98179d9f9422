//! The machine code of one function on both engines, as text.

use crate::engines::setup::Setup;
use crate::engines::wasmtime::{Backend, config};
use anyhow::{Context, Result, anyhow};
use iced_x86::{Decoder, DecoderOptions, Formatter, NasmFormatter};
use lightbeam::explain::explain;
use std::fmt::Write;

/// Our code of a function, with the Microwasm that it comes from.
///
/// # Errors
///
/// If the configuration is not ours, or if the module is refused.
pub fn ours(engine: &str, wasm: &[u8], func: u32) -> Result<String> {
    let functions = explain(wasm, &Setup::parse(engine)?.compiler_config()?)?;
    let function = functions.iter().find(|function| function.index == func).context("there is no such function")?;
    Ok(function.to_string())
}

/// The oracle's code of a function, with the Wasm offsets that it comes from.
///
/// # Errors
///
/// If it is not Wasmtime, or if it refuses the module.
pub fn oracle(name: &str, wasm: &[u8], func: u32) -> Result<String> {
    let backend = Backend::by_name(name).with_context(|| format!("{name} has no machine code to show"))?;
    let plain = |error: wasmtime::Error| anyhow!("{error:?}");
    let engine = wasmtime::Engine::new(&config(backend)).map_err(plain)?;
    let module = wasmtime::Module::from_binary(&engine, wasm).map_err(plain)?;
    let function = module.functions().find(|function| function.index.as_u32() == func);
    let function = function.context("there is no such function")?;
    let bytes = &module.text()[function.offset..function.offset + function.len];
    let map: Vec<(usize, Option<u32>)> = module.address_map().into_iter().flatten().collect();
    let mut decoder = Decoder::with_ip(64, bytes, function.offset as u64, DecoderOptions::NONE);
    let mut formatter = NasmFormatter::new();
    let (mut text, mut shown) = (String::new(), None);
    while decoder.can_decode() {
        let instruction = decoder.decode();
        let at = instruction.ip() as usize;
        let entry = map.partition_point(|(offset, _)| *offset <= at).checked_sub(1).and_then(|entry| map[entry].1);
        if entry != shown {
            shown = entry;
            if let Some(offset) = entry {
                writeln!(text, "  {offset:#x}:")?;
            }
        }
        let mut line = String::new();
        formatter.format(&instruction, &mut line);
        writeln!(text, "    {:4x}  {line}", at - function.offset)?;
    }
    Ok(text)
}
