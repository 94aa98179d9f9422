//! What the code of an operator is: instructions and bytes, in its kernel's loop and over whole modules. Deterministic.

use super::{COPIES, Kernel};
use crate::rewrite::operators;
use anyhow::Result;
use iced_x86::{Decoder, DecoderOptions, Instruction};
use lightbeam::compile::{CompiledModule, CompilerConfig, compile};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;
use wasmparser::{Parser, Payload};

/// Instructions and bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Code {
    /// Machine instructions.
    pub instructions: f64,
    /// Bytes of machine code.
    pub bytes: f64,
}

/// What one copy of a kernel's operator becomes in the loop, with what brings its operands and takes its result.
///
/// # Errors
///
/// If the compiler refuses the kernel.
pub fn of_kernel(kernel: &Kernel, config: &CompilerConfig) -> Result<Code> {
    let module = listed(&kernel.wasm, config)?;
    let mut sum = Code::default();
    for (wasm_offset, range) in ranges(&module) {
        if kernel.body.contains(&wasm_offset) {
            add(&mut sum, &module, range);
        }
    }
    let copies = f64::from(COPIES);
    Ok(Code { instructions: sum.instructions / copies, bytes: sum.bytes / copies })
}

/// What the operators of one name become in some modules.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// How many there are that control can come to.
    pub count: u64,
    /// Their machine instructions.
    pub instructions: u64,
    /// Their bytes of machine code.
    pub bytes: u64,
}

/// Adds what the operators of a module become, by name. The code of an operator that waits for who takes its result
/// counts with that one.
///
/// # Errors
///
/// If the compiler refuses the module.
pub fn add_module(
    wasm: &[u8],
    config: &CompilerConfig,
    shares: &mut BTreeMap<String, Share>,
) -> Result<CompiledModule> {
    let module = listed(wasm, config)?;
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::CodeSectionEntry(body) = payload? {
            for operator in body.get_operators_reader()?.into_iter_with_offsets() {
                let (operator, offset) = operator?;
                names.push((offset, operators::name(&operator)));
            }
        }
    }
    let mut known = BTreeMap::<&str, Share>::new();
    for (wasm_offset, range) in ranges(&module) {
        let Ok(found) = names.binary_search_by_key(&wasm_offset, |(offset, _)| *offset) else { continue };
        let mut code = Code::default();
        add(&mut code, &module, range);
        let share = known.entry(names[found].1).or_default();
        share.count += 1;
        share.instructions += code.instructions as u64;
        share.bytes += code.bytes as u64;
    }
    for (name, share) in known {
        let sum = shares.entry(operators::text(name)).or_default();
        sum.count += share.count;
        sum.instructions += share.instructions;
        sum.bytes += share.bytes;
    }
    Ok(module)
}

fn listed(wasm: &[u8], config: &CompilerConfig) -> Result<CompiledModule> {
    let mut config = config.clone();
    config.listing = true;
    Ok(compile(wasm, &config)?)
}

/// The code of each operator, with the operator's Wasm offset. A function's epilogue and traps are with its last one.
fn ranges(module: &CompiledModule) -> impl Iterator<Item = (u64, Range<u32>)> + '_ {
    let operators = &module.listing.operators;
    operators.iter().enumerate().map(move |(at, operator)| {
        let own = module.code.functions.partition_point(|function| function.end <= operator.code_offset);
        let end = module.code.functions.get(own).map_or(operator.code_offset, |function| function.end);
        let next = operators.get(at + 1).map_or(end, |next| next.code_offset.min(end));
        (u64::from(operator.wasm_offset), operator.code_offset..next.max(operator.code_offset))
    })
}

/// Adds what is in a range of code. Of a jump table only the bytes count.
fn add(sum: &mut Code, module: &CompiledModule, range: Range<u32>) {
    sum.bytes += f64::from(range.end - range.start);
    let tables = &module.code.tables;
    let first = tables.partition_point(|table| table.start < range.start);
    let mut start = range.start;
    for table in tables[first..].iter().take_while(|table| table.start < range.end) {
        sum.instructions += count(module, start..table.start);
        start = table.start + 4 * table.entries;
    }
    sum.instructions += count(module, start..range.end);
}

fn count(module: &CompiledModule, range: Range<u32>) -> f64 {
    let bytes = module.code.bytes.get(range.start as usize..range.end as usize).unwrap_or_default();
    let mut decoder = Decoder::new(64, bytes, DecoderOptions::NONE);
    let mut instructions = 0.0;
    let mut instruction = Instruction::default();
    while decoder.can_decode() {
        decoder.decode_out(&mut instruction);
        instructions += 1.0;
    }
    instructions
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::all;

    #[test]
    fn kernels_have_little_else_in_their_loops() {
        let config = CompilerConfig::native().expect("it runs here");
        let kernels = all();
        let of = |name: &str| {
            let kernel = kernels.iter().find(|kernel| kernel.name == name).expect("there is one");
            of_kernel(kernel, &config).expect("it compiles")
        };
        assert_eq!(of("i32.rotl").instructions.ceil(), of("i32.rotr").instructions.ceil());
        assert!(of("i32.add").instructions <= 1.0, "{:?}", of("i32.add"));
        assert!(of("i64.xor").instructions >= 1.0 && of("i64.xor").bytes >= 3.0, "{:?}", of("i64.xor"));
        assert!(of("i32.div_s").instructions > of("i32.add").instructions);
    }

    #[test]
    fn a_modules_operators_are_counted_by_name() {
        let wasm = wat::parse_str(
            "(module (func (param i32 i32) (result i32) (i32.rotl (i32.rotl (local.get 0) (local.get 1)) (local.get 1))))",
        );
        let mut shares = BTreeMap::new();
        let config = CompilerConfig::native().expect("it runs here");
        let module = add_module(&wasm.expect("it is well-formed"), &config, &mut shares).expect("it compiles");
        assert_eq!((shares["i32.rotl"].count, shares["local.get"].count), (2, 3));
        let bytes: u64 = shares.values().map(|share| share.bytes).sum();
        assert!(bytes > 0 && bytes <= module.code.bytes.len() as u64);
    }
}
