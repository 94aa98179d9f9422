//! Each benchmark program from its C source to machine code: lines, Wasm, Microwasm, our code, Cranelift's and that of the
//! native twin, beside each other in the order of the Wasm.
//!
//! Our code and Cranelift's stand with the operator that they are from. Native code knows lines only, and stands where
//! the Wasm has its line for the first time.

pub mod code;
pub mod cranelift;
pub mod native;

use crate::engines::setup::Setup;
use anyhow::{Context as _, Result};
use code::Size;
use lightbeam::explain::{Explanation, Instruction, explain};
use lightbeam_bench::lines::{self, Place};
use lightbeam_bench::{Program, programs, simd_programs};
use native::Placed;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use wasmparser::{Parser, Payload};

/// A program, explored.
#[derive(Debug, Serialize)]
pub struct Explored {
    /// Its name; of one with vectors, behind `simd/`.
    pub name: String,
    /// The name of its source's file.
    pub file: &'static str,
    /// Whether its Wasm is made from that source.
    pub from_c: bool,
    /// The functions of its module.
    pub functions: Vec<Function>,
    /// Native code of lines that no Wasm is from, by line; 0 is no line.
    pub rest: Vec<Rest>,
    /// Why engines are missing, by name.
    pub absent: BTreeMap<&'static str, String>,
    /// Its sizes.
    #[serde(skip)]
    pub counts: Counts,
}

/// A function of a module.
#[derive(Debug, Serialize)]
pub struct Function {
    /// Its index.
    pub index: u32,
    /// Its name in the source.
    pub name: Option<String>,
    /// Microwasm that declares its locals.
    pub microwasm: String,
    /// Our code of no operator, one instruction a line: what runs before the body.
    pub ours: String,
    /// Cranelift's code before the first operator's.
    pub cranelift: String,
    /// Its operators, those of one line together.
    pub runs: Vec<Run>,
}

/// Operators one after another that are from one line.
#[derive(Debug, Serialize)]
pub struct Run {
    /// The line; 0 if none is known.
    pub line: u32,
    /// Its text.
    pub text: &'static str,
    /// Whether the line was not there before.
    pub first: bool,
    /// Native code of that line, at its first run.
    pub native: String,
    /// The operators.
    pub operators: Vec<Operator>,
}

/// A Wasm operator.
#[derive(Debug, Default, Serialize)]
pub struct Operator {
    /// Where it is in the module.
    #[serde(skip)]
    offset: u32,
    /// Its text.
    pub wasm: String,
    /// The Microwasm that it becomes, one operator a line.
    pub microwasm: String,
    /// Our code, one instruction a line.
    pub ours: String,
    /// Cranelift's code, with a `~` before what it says is from no operator.
    pub cranelift: String,
}

/// Native code of a line that no Wasm is from.
#[derive(Debug, Serialize)]
pub struct Rest {
    /// The line; 0 is no line.
    pub line: u32,
    /// Its text.
    pub text: &'static str,
    /// The code.
    pub native: String,
}

/// How much there is of each form.
#[derive(Debug, Default, Serialize)]
pub struct Counts {
    /// The bodies of the module's functions.
    pub wasm: Wasm,
    /// What they become.
    pub microwasm: Microwasm,
    /// Machine code by engine.
    pub engines: BTreeMap<&'static str, Code>,
    /// The functions of the module by index, without native code, whose functions are others.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub functions: BTreeMap<u32, Counts>,
}

impl Counts {
    /// Adds those of a function.
    fn add(&mut self, function: &Counts) {
        self.wasm.bytes += function.wasm.bytes;
        self.wasm.operators += function.wasm.operators;
        self.microwasm.operators += function.microwasm.operators;
        for (engine, code) in &function.engines {
            let sum = self.engines.entry(engine).or_default();
            sum.size = sum.size.and(code.size);
            sum.unplaced += code.unplaced;
        }
    }
}

/// Bodies of functions.
#[derive(Debug, Default, Serialize)]
pub struct Wasm {
    /// Their bytes.
    pub bytes: u64,
    /// Their operators.
    pub operators: u64,
}

/// Microwasm.
#[derive(Debug, Default, Serialize)]
pub struct Microwasm {
    /// How many.
    pub operators: u64,
}

/// Machine code.
#[derive(Debug, Default, Serialize)]
pub struct Code {
    /// All of it.
    #[serde(flatten)]
    pub size: Size,
    /// Instructions that are from no operator, or natively from no line that the Wasm has.
    pub unplaced: u64,
}

/// Lines of code as they are collected.
#[derive(Debug, Default)]
struct Listing {
    text: String,
    size: Size,
}

impl Listing {
    fn line(&mut self, line: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(line);
    }

    fn instruction(&mut self, instruction: &Instruction) {
        self.add(instruction, false);
    }

    fn add(&mut self, instruction: &Instruction, is_marked: bool) {
        let mark = if is_marked { '~' } else { ' ' };
        self.line(&format!("{:4x} {mark}{}", instruction.offset, instruction.text));
        self.size = self.size.and(Size::of([instruction]));
    }

    fn of<'a>(code: impl IntoIterator<Item = &'a Instruction>) -> Listing {
        code.into_iter().fold(Listing::default(), |mut listing, instruction| {
            listing.instruction(instruction);
            listing
        })
    }
}

/// All programs of the benches.
///
/// # Errors
///
/// If a table of lines is damaged, or if this machine's CPU lacks what our code needs.
pub fn all() -> Result<Vec<Explored>> {
    let scalar = programs().iter().map(|program| (program.name.to_string(), program));
    let vectors = simd_programs().iter().map(|program| (format!("simd/{}", program.name), program));
    scalar.chain(vectors).map(|(name, program)| explore(&name, program).with_context(|| name.clone())).collect()
}

/// A program, from its source to machine code. An engine that cannot take part is named with its reason.
///
/// # Errors
///
/// As [`all`].
pub fn explore(name: &str, program: &Program) -> Result<Explored> {
    let mut explored = Explored {
        name: name.to_string(),
        file: program.file,
        from_c: program.lines.is_some(),
        functions: Vec::new(),
        rest: Vec::new(),
        absent: BTreeMap::new(),
        counts: Counts::default(),
    };
    let explanations = explain(program.wasm, &Setup::DEFAULT.compiler_config()?)?;
    let cranelift = cranelift::functions(program.wasm);
    let places = lines::read(program.lines.unwrap_or_default()).map_err(anyhow::Error::msg)?;
    let (code, bodies) = bodies(program.wasm)?;
    let mut seen = BTreeSet::new();
    for (explanation, body) in explanations.iter().zip(bodies) {
        let wasm = Wasm { bytes: body.range.end - body.range.start, operators: body.operators.len() as u64 };
        let mut counts = Counts { wasm, ..Counts::default() };
        let mut operators = body.operators;
        let name = places.iter().find(|place| body.range.contains(&(code + u64::from(place.offset))));
        let (microwasm, ours) = add_ours(explanation, &mut operators, &mut counts);
        let mut function = Function {
            index: explanation.index,
            name: name.and_then(|place| place.function.clone()),
            microwasm,
            ours,
            cranelift: String::new(),
            runs: Vec::new(),
        };
        let theirs = cranelift.iter().flatten().find(|theirs| theirs.index == explanation.index);
        if let Some(theirs) = theirs {
            function.cranelift = add_cranelift(theirs, &mut operators, &mut counts);
        }
        for operator in operators {
            let line = line(&places, u64::from(operator.offset) - code);
            match function.runs.last_mut() {
                Some(run) if run.line == line => run.operators.push(operator),
                _ => {
                    let (first, native) = (line != 0 && seen.insert(line), String::new());
                    let text = text(program, line);
                    function.runs.push(Run { line, text, first, native, operators: vec![operator] });
                }
            }
        }
        explored.counts.add(&counts);
        explored.counts.functions.insert(explanation.index, counts);
        explored.functions.push(function);
    }
    if let Err(error) = cranelift {
        explored.absent.insert("cranelift", format!("{error:#}"));
    }
    match native::code(program) {
        Ok(native) => add_native(&mut explored, program, &native),
        Err(error) => drop(explored.absent.insert("native", format!("{error:#}"))),
    }
    Ok(explored)
}

/// A function's body in a module.
struct Body {
    range: Range<u64>,
    operators: Vec<Operator>,
}

/// Where the contents of the code section begin, and the bodies in it.
fn bodies(wasm: &[u8]) -> Result<(u64, Vec<Body>)> {
    let mut storage = String::new();
    let printed = wasmprinter::Config::new().offsets_and_lines(wasm, &mut storage)?;
    let texts: HashMap<u64, &str> = printed.filter_map(|(offset, line)| Some((offset?, line.trim()))).collect();
    let (mut code, mut bodies) = (0, Vec::new());
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::CodeSectionStart { unchecked_range, .. } => code = unchecked_range.start,
            Payload::CodeSectionEntry(body) => {
                let mut operators = Vec::new();
                let mut reader = body.get_operators_reader()?;
                while !reader.eof() {
                    let (_, offset) = reader.read_with_offset()?;
                    let wasm = texts.get(&offset).copied().unwrap_or_default().to_string();
                    operators.push(Operator { offset: u32::try_from(offset)?, wasm, ..Operator::default() });
                }
                bodies.push(Body { range: body.range(), operators });
            }
            _ => {}
        }
    }
    Ok((code, bodies))
}

/// The line of a place in the code section.
fn line(places: &[Place], offset: u64) -> u32 {
    let behind = places.partition_point(|place| u64::from(place.offset) <= offset);
    behind.checked_sub(1).map_or(0, |place| places[place].line)
}

/// The text of a line, without its indentation.
fn text(program: &Program, line: u32) -> &'static str {
    (line as usize).checked_sub(1).and_then(|line| program.source.lines().nth(line)).unwrap_or_default().trim()
}

/// The operator at this offset, or the last one before it.
fn at(operators: &mut [Operator], offset: u32) -> Option<&mut Operator> {
    let behind = operators.partition_point(|operator| operator.offset <= offset);
    operators.get_mut(behind.checked_sub(1)?)
}

/// Adds Microwasm and our code; returns what is of no operator: declarations of locals, and the prologue.
fn add_ours(explanation: &Explanation, operators: &mut [Operator], counts: &mut Counts) -> (String, String) {
    let prologue = Listing::of(&explanation.prologue);
    let (mut size, mut locals) = (prologue.size, Vec::new());
    for explained in &explanation.operators {
        counts.microwasm.operators += explained.microwasm.len() as u64;
        let code = Listing::of(&explained.code);
        size = size.and(code.size);
        match at(operators, explained.wasm_offset) {
            Some(operator) => {
                operator.microwasm = explained.microwasm.join("\n");
                operator.ours = code.text;
            }
            None => locals.extend(explained.microwasm.iter().map(String::as_str)),
        }
    }
    counts.engines.insert("lightbeam", Code { size, unplaced: prologue.size.instructions });
    (locals.join("\n"), prologue.text)
}

/// Adds Cranelift's code; returns what comes before the first instruction that is from an operator. Others that are
/// from none, marked, stand with the next one that is, whose operands they mostly make; before a jump, with the last one.
fn add_cranelift(function: &cranelift::Function, operators: &mut [Operator], counts: &mut Counts) -> String {
    let mut head = Listing::default();
    let mut listings = BTreeMap::<u32, Listing>::new();
    let (mut pending, mut last, mut unplaced) = (Vec::new(), None, 0);
    for (offset, instruction) in &function.code {
        let placed = offset.and_then(|offset| at(operators, offset)).map(|operator| operator.offset);
        let ends = ["jmp ", "ret", "ud2", "dd "].iter().any(|text| instruction.text.starts_with(text));
        pending.push((placed.is_none(), instruction));
        unplaced += if placed.is_none() { Size::of([instruction]).instructions } else { 0 };
        if placed.is_some() || ends {
            let operator = placed.or(last);
            for (is_marked, instruction) in pending.drain(..) {
                let operator = if is_marked && last.is_none() { None } else { operator };
                let listing = operator.map_or(&mut head, |operator| listings.entry(operator).or_default());
                listing.add(instruction, is_marked);
            }
            last = operator;
        }
    }
    let listing = last.map_or(&mut head, |operator| listings.entry(operator).or_default());
    pending.drain(..).for_each(|(is_marked, instruction)| listing.add(instruction, is_marked));
    for (offset, listing) in listings {
        if let Some(operator) = at(operators, offset) {
            operator.cranelift = listing.text;
        }
    }
    let size = Size::of(function.code.iter().map(|(_, instruction)| instruction));
    counts.engines.insert("cranelift", Code { size, unplaced });
    head.text
}

/// Adds native code at the first run of its line, or to the rest.
fn add_native(explored: &mut Explored, program: &Program, code: &[Placed]) {
    let mut by_line = BTreeMap::<u32, (Listing, &str)>::new();
    for placed in code {
        let (listing, function) = by_line.entry(placed.line).or_default();
        if *function != placed.function {
            *function = &placed.function;
            listing.line(&format!("{function}:"));
        }
        listing.instruction(&placed.instruction);
    }
    for run in explored.functions.iter_mut().flat_map(|function| &mut function.runs).filter(|run| run.first) {
        if let Some((listing, _)) = by_line.remove(&run.line) {
            run.native = listing.text;
        }
    }
    let mut unplaced = 0;
    for (line, (listing, _)) in by_line {
        unplaced += listing.size.instructions;
        explored.rest.push(Rest { line, text: text(program, line), native: listing.text });
    }
    let size = Size::of(code.iter().map(|placed| &placed.instruction));
    explored.counts.engines.insert("native", Code { size, unplaced });
}
