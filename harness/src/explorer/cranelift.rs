//! Cranelift's code, with the Wasm operators that it is from, configured as in the benches.

use super::code::{Data, disassemble};
use crate::engines::wasmtime::{Backend, config};
use anyhow::{Result, anyhow};
use lightbeam::explain::Instruction;

/// A function.
#[derive(Debug)]
pub struct Function {
    /// Its index, imported functions included.
    pub index: u32,
    /// Its instructions, each with the Wasm offset of the operator that Cranelift says it is from.
    pub code: Vec<(Option<u32>, Instruction)>,
}

/// The functions of a module.
///
/// # Errors
///
/// If Wasmtime refuses the module.
pub fn functions(wasm: &[u8]) -> Result<Vec<Function>> {
    let plain = |error: wasmtime::Error| anyhow!("{error:?}");
    let engine = wasmtime::Engine::new(&config(Backend::CraneliftSpeed)).map_err(plain)?;
    let module = wasmtime::Module::from_binary(&engine, wasm).map_err(plain)?;
    let map: Vec<(usize, Option<u32>)> = module.address_map().into_iter().flatten().collect();
    let of = |at: usize| map.partition_point(|(start, _)| *start <= at).checked_sub(1).and_then(|entry| map[entry].1);
    let function = |function: wasmtime::ModuleFunction| {
        let code = disassemble(&module.text()[function.offset..function.offset + function.len], Data::Inside);
        let code = code
            .into_iter()
            .map(|instruction| (of(function.offset + instruction.offset as usize), instruction))
            .collect();
        Function { index: function.index.as_u32(), code }
    };
    Ok(module.functions().map(function).collect())
}
