//! The memory that our compiler takes for one module, each measured in a process of its own.

use anyhow::{Context, Result, ensure};
use lightbeam::compile::{CompiledModule, Compiler, CompilerConfig};
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};
use std::process::{Command, Stdio};

/// What one compilation took, in bytes.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Memory {
    /// The most resident memory beyond that before; a multiple of the page size.
    pub peak: u64,
    /// The machine code.
    pub code: u64,
    /// The tables that stay with the module: what it declares, its segments, where its code traps and calls.
    pub tables: u64,
}

impl Memory {
    /// The peak beside the code and the tables: what the compiler itself needs, and what tables have in reserve or had
    /// before they grew.
    pub fn beside(&self) -> u64 {
        self.peak.saturating_sub(self.code + self.tables)
    }
}

/// Compiles a module in a fresh process and says what memory that took; `None` where the system does not tell.
///
/// # Errors
///
/// If the process cannot be started, or the module cannot be compiled.
pub fn measure(wasm: &[u8]) -> Result<Option<Memory>> {
    let program = std::env::current_exe().context("this program's file is not known")?;
    let mut child = Command::new(program)
        .arg("memory-worker")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("a worker cannot be started")?;
    let written = child.stdin.take().context("the worker's input is piped")?.write_all(wasm);
    let output = child.wait_with_output().context("the worker")?;
    written.context("the worker does not read")?;
    ensure!(output.status.success(), "the worker ended with {}", output.status);
    serde_json::from_slice(&output.stdout).context("what the worker says is not understood")
}

/// The child: compiles the module on its input and says what it took.
///
/// # Errors
///
/// If the module cannot be compiled.
pub fn main() -> Result<()> {
    let mut wasm = Vec::new();
    std::io::stdin().read_to_end(&mut wasm).context("no module on the input")?;
    // Whatever is allocated once is not the module's, nor are the pages of our own program: small modules touch most of them.
    for program in lightbeam_bench::programs().iter().chain(lightbeam_bench::simd_programs()) {
        compile(program.wasm)?;
    }
    println!("{}", serde_json::to_string(&take(&wasm)?)?);
    Ok(())
}

fn take(wasm: &[u8]) -> Result<Option<Memory>> {
    let before = forget_peak();
    let module = compile(wasm)?;
    let Some((before, peak)) = before.zip(resident("VmHWM")) else { return Ok(None) };
    let peak = peak.saturating_sub(before);
    Ok(Some(Memory { peak, code: module.code.bytes.len() as u64, tables: tables(&module) }))
}

fn compile(wasm: &[u8]) -> Result<CompiledModule> {
    let mut compiler = Compiler::new(&CompilerConfig::native()?);
    compiler.push(wasm)?;
    Ok(compiler.finish()?)
}

/// The bytes of the tables of a module that may be large.
fn tables(module: &CompiledModule) -> u64 {
    let (code, info) = (&module.code, &module.info);
    let of_code = size_of_val(&*code.functions)
        + size_of_val(&*code.traps)
        + size_of_val(&*code.calls)
        + size_of_val(&*code.signatures)
        + size_of_val(&*code.tables);
    let declared = size_of_val(&*info.funcs)
        + size_of_val(&*info.globals)
        + size_of_val(&*info.exports)
        + size_of_val(&*info.elements)
        + size_of_val(&*info.data);
    let elements: usize = info.elements.iter().map(|segment| size_of_val(&*segment.items)).sum();
    let data: usize = info.data.iter().map(|segment| segment.bytes.len()).sum();
    (of_code + declared + elements + data) as u64
}

/// Bytes of resident memory now, after which the peak counts from here; `None` where the system has no such thing.
pub(super) fn forget_peak() -> Option<u64> {
    std::fs::write("/proc/self/clear_refs", "5").ok()?;
    resident("VmRSS")
}

/// A figure of this process's memory, in bytes.
pub(super) fn resident(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hint::black_box;

    #[test]
    fn memory_that_was_used_is_in_the_peak() {
        let Some(before) = forget_peak() else { return };
        let block = black_box(vec![1u8; 32 << 20]);
        drop(block);
        assert!(resident("VmHWM").is_some_and(|peak| peak >= before + (31 << 20)));
    }
}
