//! What a module becomes: its Microwasm and its machine code, operator by operator.

use crate::code::FunctionCode;
use crate::compile::{CompiledModule, Compiler, CompilerConfig, compile, compile_text};
use crate::error::CompileResult;
use crate::microwasm::text::parse;
use crate::microwasm::{FuncType, Op, Sink, binary};
use crate::wasm::module::ModuleInfo;
use crate::wasm::stream::Frontend;
use iced_x86::{Decoder, DecoderOptions, Formatter, NasmFormatter};
use std::fmt::{self, Write};

/// A function, explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Its index, imported functions included.
    pub index: u32,
    /// The Wasm offset of its body.
    pub wasm_offset: u32,
    /// What runs before the body.
    pub prologue: Vec<Instruction>,
    /// Its Wasm operators in order.
    pub operators: Vec<Operator>,
}

/// What a Wasm operator becomes. The code of an operator that waits for its consumer stands with
/// the operator that it is emitted for; the last one has the function's epilogue and traps, too.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Operator {
    /// The Wasm offset; the body's own for the declarations of locals.
    pub wasm_offset: u32,
    /// The Microwasm operators, as text.
    pub microwasm: Vec<String>,
    /// The instructions.
    pub code: Vec<Instruction>,
}

/// A machine instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instruction {
    /// The offset from the start of the function's code, in bytes.
    pub offset: u32,
    /// How many bytes it has.
    pub length: u32,
    /// Its text in NASM's syntax; jumps inside the function name offsets from its start.
    pub text: String,
}

/// Compiles a module and explains each of its functions.
///
/// # Errors
///
/// As [`compile`].
pub fn explain(wasm: &[u8], config: &CompilerConfig) -> CompileResult<Vec<Explanation>> {
    let mut frontend = Frontend::new(Recorder::default());
    frontend.push(wasm)?;
    let (_, recorder) = frontend.finish()?;
    Ok(with_code(recorder, &compile(wasm, &listing(config))?))
}

/// Compiles a module in Microwasm's binary format and explains each of its functions; offsets are those in `bytes`.
///
/// # Errors
///
/// As [`Compiler::finish`].
pub fn explain_microwasm(bytes: &[u8], config: &CompilerConfig) -> CompileResult<Vec<Explanation>> {
    let mut decoder = binary::Decoder::new(Recorder::default());
    decoder.push(bytes)?;
    let (_, recorder) = decoder.finish()?;
    let mut compiler = Compiler::for_microwasm(&listing(config));
    compiler.push(bytes)?;
    Ok(with_code(recorder, &compiler.finish()?))
}

/// Compiles a module in Microwasm's text and explains each of its functions; offsets are those in `text`.
///
/// # Errors
///
/// As [`compile_text`].
pub fn explain_microwasm_text(text: &str, config: &CompilerConfig) -> CompileResult<Vec<Explanation>> {
    let (_, recorder) = parse(text, Recorder::default())?;
    Ok(with_code(recorder, &compile_text(text, &listing(config))?))
}

fn listing(config: &CompilerConfig) -> CompilerConfig {
    CompilerConfig { listing: true, ..config.clone() }
}

/// Adds the machine code to what was recorded.
fn with_code(recorder: Recorder, module: &CompiledModule) -> Vec<Explanation> {
    let mut functions = recorder.functions;
    let mut listing = module.listing.operators.iter().peekable();
    for (explanation, function) in functions.iter_mut().zip(&module.code.functions) {
        let mut starts = Vec::new();
        while let Some(operator) = listing.next_if(|operator| operator.code_offset < function.end) {
            starts.push(operator.code_offset);
        }
        add_code(explanation, module, function, &starts);
    }
    functions
}

/// Gives each instruction to the operator that was at work when it was emitted.
fn add_code(explanation: &mut Explanation, module: &CompiledModule, function: &FunctionCode, starts: &[u32]) {
    let body = starts.first().map_or(function.end, |first| *first);
    explanation.prologue = disassemble(module, function, function.entry.min(body), body);
    // The first operator stands for the declarations of locals; the others were announced in turn.
    let ends = starts.iter().skip(1).copied().chain([function.end]);
    for (operator, (from, to)) in explanation.operators.iter_mut().skip(1).zip(starts.iter().zip(ends)) {
        operator.code = disassemble(module, function, *from, to);
    }
}

/// The instructions of a range of code, and the entries of the jump tables in it.
fn disassemble(module: &CompiledModule, function: &FunctionCode, from: u32, to: u32) -> Vec<Instruction> {
    let mut instructions = Vec::new();
    let tables = &module.code.tables;
    let first = tables.partition_point(|table| table.start < from);
    let mut start = from;
    for table in tables[first..].iter().take_while(|table| table.start < to) {
        decode(module, function, start, table.start, &mut instructions);
        for entry in 0..table.entries {
            let offset = table.start + 4 * entry;
            let field = module.code.bytes[offset as usize..].first_chunk().expect("a table lies inside the code");
            let target = table.start.wrapping_add(u32::from_le_bytes(*field)) - function.start;
            let text = format!("dd {target:X}h");
            instructions.push(Instruction { offset: offset - function.start, length: 4, text });
        }
        start = table.start + 4 * table.entries;
    }
    decode(module, function, start, to, &mut instructions);
    instructions
}

fn decode(module: &CompiledModule, function: &FunctionCode, from: u32, to: u32, instructions: &mut Vec<Instruction>) {
    let bytes = &module.code.bytes[from as usize..to as usize];
    let mut decoder = Decoder::with_ip(64, bytes, u64::from(from - function.start), DecoderOptions::NONE);
    let mut formatter = NasmFormatter::new();
    let options = formatter.options_mut();
    options.set_space_after_operand_separator(true);
    options.set_rip_relative_addresses(true);
    options.set_branch_leading_zeros(false);
    while decoder.can_decode() {
        let instruction = decoder.decode();
        let mut text = String::new();
        formatter.format(&instruction, &mut text);
        instructions.push(Instruction { offset: instruction.ip() as u32, length: instruction.len() as u32, text });
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "func {} @{:#x}", self.index, self.wasm_offset)?;
        write_code(f, &self.prologue)?;
        for operator in &self.operators {
            for line in &operator.microwasm {
                writeln!(f, "  {line}")?;
            }
            write_code(f, &operator.code)?;
        }
        Ok(())
    }
}

fn write_code(f: &mut fmt::Formatter<'_>, code: &[Instruction]) -> fmt::Result {
    for instruction in code {
        writeln!(f, "    {:4x}  {}", instruction.offset, instruction.text)?;
    }
    Ok(())
}

/// A sink that keeps the text of each operator.
#[derive(Debug, Default)]
struct Recorder {
    functions: Vec<Explanation>,
}

impl Recorder {
    fn operators(&mut self) -> &mut Vec<Operator> {
        let function = self.functions.last_mut().expect("operators come between begin and end");
        &mut function.operators
    }
}

impl Sink for Recorder {
    fn module(&mut self, _module: &ModuleInfo) {}

    fn begin(&mut self, index: u32, _ty: &FuncType, offset: u32) {
        let locals = Operator { wasm_offset: offset, ..Operator::default() };
        self.functions.push(Explanation { index, wasm_offset: offset, prologue: Vec::new(), operators: vec![locals] });
    }

    fn at(&mut self, offset: u32) {
        self.operators().push(Operator { wasm_offset: offset, ..Operator::default() });
    }

    fn op(&mut self, op: Op<'_>) {
        let mut line = String::new();
        write!(line, "{op}").expect("writing to a string does not fail");
        let operators = self.operators();
        operators.last_mut().expect("begin has pushed one").microwasm.push(line);
    }

    fn end(&mut self) {}
}
