//! Where two executions part: the first operator whose value differs.
//!
//! One operator at a time is made to store its value in a global and to trap, on its first execution or
//! a later one. Everything before it stays as it was, so the comparison of that global says whether
//! the two engines still agree there.

use super::probe::Prober;
use crate::compare::Observation;
use crate::plan::Case;
use crate::rewrite::extend::{Pass, extend};
use crate::rewrite::operators;
use crate::shape::Shape;
use anyhow::{Context, Result};
use serde::Serialize;
use std::fmt;
use wasm_encoder::{BlockType, ConstExpr, Function, Instruction};
use wasmparser::{FuncValidatorAllocations, Parser, ValType, ValidPayload, Validator, WasmFeatures};

/// Which executions of an operator are looked at.
const EXECUTIONS: [i32; 4] = [1, 2, 3, 7];

/// An operator whose value differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parting {
    /// The function.
    pub func: u32,
    /// The operator's byte offset in the case's module.
    pub offset: u32,
    /// Its name.
    pub operator: String,
    /// The execution at which the values differ, from 1.
    pub execution: i32,
    /// Its value on the engine under test.
    pub engine: String,
    /// Its value on the oracle.
    pub oracle: String,
}

impl fmt::Display for Parting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} in function {} at {:#x}, execution {}: {} instead of {}",
            self.operator, self.func, self.offset, self.execution, self.engine, self.oracle
        )
    }
}

/// An operator that leaves a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Candidate {
    func: u32,
    offset: u32,
    name: &'static str,
    ty: ValType,
}

/// The first operator, in the module's order, whose value differs; at its first execution, else at a later one.
/// `None` if none does: then control parts first, or something that is no value.
///
/// # Errors
///
/// If the module is invalid, or if a process cannot be started.
pub fn locate(prober: &Prober, engine: &str, oracle: &str, case: &Case, most: usize) -> Result<Option<Parting>> {
    let shape = Shape::parse(&case.wasm)?;
    let candidates = candidates(&case.wasm).context("the module cannot be looked into")?;
    for execution in EXECUTIONS {
        for candidate in candidates.iter().take(most) {
            let wasm = probed(&case.wasm, &shape, candidate, execution)?;
            let probed = Case { wasm, plan: case.plan.clone() };
            let Some(divergence) = prober.run_kept(engine, oracle, &probed)?.divergence else { continue };
            if divergence.what == Observation::Global(shape.globals.len() as u32) {
                return Ok(Some(Parting {
                    func: candidate.func,
                    offset: candidate.offset,
                    operator: candidate.name.to_string(),
                    execution,
                    engine: divergence.ours,
                    oracle: divergence.oracle,
                }));
            }
        }
    }
    Ok(None)
}

fn candidates(wasm: &[u8]) -> Result<Vec<Candidate>> {
    let mut candidates = Vec::new();
    visit(wasm, |func, offset, operator, ty| {
        if let Some(ty) = ty {
            candidates.push(Candidate { func, offset, name: operators::name(operator), ty });
        }
    })?;
    Ok(candidates)
}

/// Visits each reachable operator with the type of the number that it leaves on top, if it does.
fn visit(wasm: &[u8], mut visitor: impl FnMut(u32, u32, &wasmparser::Operator<'_>, Option<ValType>)) -> Result<()> {
    let mut validator = Validator::new_with_features(WasmFeatures::WASM2);
    for payload in Parser::new(0).parse_all(wasm) {
        let ValidPayload::Func(function, body) = validator.payload(&payload?)? else { continue };
        let mut validator = function.into_validator(FuncValidatorAllocations::default());
        let func = validator.index();
        let mut reader = body.get_binary_reader();
        validator.read_locals(&mut reader)?;
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let offset = operators.original_position();
            let operator = operators.read()?;
            let arity = operator.operator_arity(&validator.visitor(offset));
            let reachable = validator.get_control_frame(0).is_some_and(|frame| !frame.unreachable);
            validator.op(offset, &operator)?;
            let top = validator.get_operand_type(0).flatten();
            let number = top.filter(|ty| matches!(ty, ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64));
            let leaves = reachable && arity.is_some_and(|(_, results)| results > 0) && !opens(&operator);
            visitor(func, offset as u32, &operator, number.filter(|_| leaves));
        }
    }
    Ok(())
}

/// Operators whose results are what was there before.
fn opens(operator: &wasmparser::Operator<'_>) -> bool {
    use wasmparser::Operator as O;
    matches!(operator, O::Block { .. } | O::Loop { .. } | O::If { .. } | O::Else | O::BrIf { .. } | O::End)
}

/// The module with two globals more: the value of one execution of an operator, and how many executions are left.
fn probed(wasm: &[u8], shape: &Shape, candidate: &Candidate, execution: i32) -> Result<Vec<u8>> {
    let value = shape.globals.len() as u32;
    let func = candidate.func - shape.imported_funcs;
    Ok(extend(wasm, &mut Probe { value, func, candidate: *candidate, execution })?)
}

struct Probe {
    /// The global for the value; the one for the count comes after it.
    value: u32,
    /// The candidate's function, among the defined ones.
    func: u32,
    candidate: Candidate,
    execution: i32,
}

impl Pass for Probe {
    fn globals(&self) -> Vec<(wasm_encoder::ValType, ConstExpr)> {
        let value = match self.candidate.ty {
            ValType::I64 => (wasm_encoder::ValType::I64, ConstExpr::i64_const(0)),
            ValType::F32 => (wasm_encoder::ValType::F32, ConstExpr::f32_const(0.0.into())),
            ValType::F64 => (wasm_encoder::ValType::F64, ConstExpr::f64_const(0.0.into())),
            _ => (wasm_encoder::ValType::I32, ConstExpr::i32_const(0)),
        };
        vec![value, (wasm_encoder::ValType::I32, ConstExpr::i32_const(self.execution))]
    }

    /// Keeps the value, and traps if this was the execution that is looked at.
    fn after(&mut self, func: u32, offset: u64, _operator: &wasmparser::Operator<'_>, out: &mut Function) {
        if func != self.func || offset != u64::from(self.candidate.offset) {
            return;
        }
        let count = self.value + 1;
        for instruction in [
            Instruction::GlobalSet(self.value),
            Instruction::GlobalGet(count),
            Instruction::I32Const(1),
            Instruction::I32Sub,
            Instruction::GlobalSet(count),
            Instruction::GlobalGet(count),
            Instruction::I32Eqz,
            Instruction::If(BlockType::Empty),
            Instruction::Unreachable,
            Instruction::End,
            Instruction::GlobalGet(self.value),
        ] {
            out.instruction(&instruction);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probes_are_valid_and_candidates_are_in_order() {
        for number in 0..30 {
            let case = crate::generate::smith::case(6, number);
            let shape = Shape::parse(&case.wasm).expect("it is valid");
            let candidates = candidates(&case.wasm).expect("it is valid");
            assert!(candidates.is_sorted_by_key(|candidate| candidate.offset));
            for candidate in candidates.iter().take(20) {
                let wasm = probed(&case.wasm, &shape, candidate, 2).expect("it can be probed");
                wasmparser::validate(&wasm).unwrap_or_else(|error| panic!("{candidate:?}: {error}"));
            }
        }
    }
}
