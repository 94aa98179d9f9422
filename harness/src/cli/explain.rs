//! `lightbeam explain`: a module's Wasm, Microwasm and machine code, interleaved.

use super::{FINE, say, statistics, write_json};
use crate::source::Source;
use anyhow::{Result, bail};
use lightbeam::compile::CompilerConfig;
use lightbeam::explain::{Explanation, Instruction, explain, explain_microwasm, explain_microwasm_text};
use serde::Serialize;
use std::collections::HashMap;
use std::fmt::Write;
use std::path::PathBuf;

/// Shows what each Wasm operator becomes: Microwasm, and machine code.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  lightbeam explain fib.wat
  lightbeam explain program.wasm --func 12
  lightbeam explain program.wasm --stats          what the code spends on keeping values in their places
  lightbeam explain corpora/microwasm/threaded.mwat")]
pub struct Args {
    /// The module: .wasm, .wat, .mwasm or .mwat
    file: PathBuf,
    /// Only the function with this index (imported functions count)
    #[arg(long, value_name = "N")]
    func: Option<u32>,
    /// Counters of each function in place of its code: transfers on back-edges, spills, adaptors, rewrites by kind
    #[arg(long)]
    stats: bool,
    /// Where to write the same as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[derive(Debug, Serialize)]
struct Function {
    index: u32,
    wasm_offset: u32,
    prologue: Vec<String>,
    operators: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    wasm_offset: u32,
    wasm: String,
    microwasm: Vec<String>,
    code: Vec<String>,
}

/// Runs the command.
///
/// # Errors
///
/// If the module cannot be read, is refused, or has no such function.
pub fn run(args: &Args) -> Result<u8> {
    let source = Source::read(&args.file)?;
    let config = CompilerConfig::native()?;
    if args.stats {
        return statistics::run(&source, config, args.func, args.json.as_deref());
    }
    let mut functions = match &source {
        Source::Wasm(wasm) => explain(wasm, &config)?,
        Source::Microwasm(bytes) => explain_microwasm(bytes, &config)?,
        Source::MicrowasmText(text) => explain_microwasm_text(text, &config)?,
    };
    if let Some(func) = args.func {
        functions.retain(|function| function.index == func);
    }
    if functions.is_empty() {
        bail!("there is no such function");
    }
    let operators = if let Source::Wasm(wasm) = &source { operators(wasm)? } else { HashMap::new() };
    let functions: Vec<Function> = functions.iter().map(|function| rows(function, &operators)).collect();
    let mut text = String::new();
    for function in &functions {
        print(&mut text, function)?;
    }
    say(text.trim_end());
    if let Some(path) = &args.json {
        write_json(path, &functions)?;
    }
    Ok(FINE)
}

/// The text of each Wasm operator by its offset.
fn operators(wasm: &[u8]) -> Result<HashMap<u32, String>> {
    let mut storage = String::new();
    let lines = wasmprinter::Config::new().offsets_and_lines(wasm, &mut storage)?;
    let texts = lines.filter_map(|(offset, line)| Some((u32::try_from(offset?).ok()?, line)));
    Ok(texts.map(|(offset, line)| (offset, line.trim().to_string())).collect())
}

fn rows(function: &Explanation, texts: &HashMap<u32, String>) -> Function {
    let code = |code: &[Instruction]| -> Vec<String> {
        code.iter().map(|instruction| format!("{:6x}  {}", instruction.offset, instruction.text)).collect()
    };
    let emitting =
        function.operators.iter().filter(|operator| !operator.microwasm.is_empty() || !operator.code.is_empty());
    let operators = emitting.map(|operator| Row {
        wasm_offset: operator.wasm_offset,
        wasm: texts.get(&operator.wasm_offset).cloned().unwrap_or_default(),
        microwasm: operator.microwasm.clone(),
        code: code(&operator.code),
    });
    Function {
        index: function.index,
        wasm_offset: function.wasm_offset,
        prologue: code(&function.prologue),
        operators: operators.collect(),
    }
}

fn print(text: &mut String, function: &Function) -> Result<()> {
    writeln!(text, "function {} at {:#x}", function.index, function.wasm_offset)?;
    for line in &function.prologue {
        writeln!(text, "        {line}")?;
    }
    for row in &function.operators {
        writeln!(text, "{}", format!("{:6x}  {}", row.wasm_offset, row.wasm).trim_end())?;
        for line in &row.microwasm {
            writeln!(text, "            ; {line}")?;
        }
        for line in &row.code {
            writeln!(text, "                {line}")?;
        }
    }
    writeln!(text)?;
    Ok(())
}
