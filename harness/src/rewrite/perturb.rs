//! Makes every occurrence of one operator wrong, to see whether anybody would notice.

use super::operators;
use crate::rewrite::fuel::RewriteError;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{CodeSection, Function, HeapType, Instruction, Module, RawSection};
use wasmparser::{
    FuncToValidate, FuncValidatorAllocations, FunctionBody, Operator, Parser, ValType, ValidPayload, Validator,
};
use wasmparser::{ValidatorResources, WasmFeatures};

/// What is done to the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Perturbation {
    /// Its result is changed; or its last operand, if it has no result; or it is left out, if it has neither.
    Wrong,
    /// It traps.
    Trap,
}

/// Operators with nothing that could be wrong: what they do is where control goes, or that nothing happens.
pub fn is_structural(operator: &str) -> bool {
    matches!(operator, "Unreachable" | "Nop" | "Block" | "Loop" | "Else" | "End" | "Br" | "Return" | "Drop")
}

/// The names of the operators in a module's functions, each once.
///
/// # Errors
///
/// If the module is malformed.
pub fn present(wasm: &[u8]) -> Result<Vec<&'static str>, RewriteError> {
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let wasmparser::Payload::CodeSectionEntry(body) = payload.map_err(malformed)? {
            for operator in body.get_operators_reader().map_err(malformed)? {
                let name = operators::name(&operator.map_err(malformed)?);
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
    }
    Ok(names)
}

/// The module with every reachable occurrence of an operator perturbed.
///
/// # Errors
///
/// If the module is invalid.
pub fn perturb(wasm: &[u8], operator: &str, how: Perturbation) -> Result<Vec<u8>, RewriteError> {
    let mut validator = Validator::new_with_features(WasmFeatures::WASM2.union(WasmFeatures::RELAXED_SIMD));
    let (mut module, mut code) = (Module::new(), CodeSection::new());
    let mut bodies = 0;
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload.map_err(malformed)?;
        let section = payload.as_section();
        match validator.payload(&payload).map_err(malformed)? {
            ValidPayload::Func(function, body) => {
                code.function(&self::function(function, &body, operator, how)?);
                bodies -= 1;
                if bodies == 0 {
                    module.section(&code);
                }
            }
            _ => match payload {
                wasmparser::Payload::CodeSectionStart { count, .. } => bodies = count,
                _ => {
                    if let Some((id, range)) = section {
                        module.section(&RawSection { id, data: &wasm[range.start as usize..range.end as usize] });
                    }
                }
            },
        }
    }
    Ok(module.finish())
}

fn malformed(error: impl ToString) -> RewriteError {
    RewriteError::Malformed(error.to_string())
}

fn function(
    function: FuncToValidate<ValidatorResources>,
    body: &FunctionBody<'_>,
    wanted: &str,
    how: Perturbation,
) -> Result<Function, RewriteError> {
    let mut validator = function.into_validator(FuncValidatorAllocations::default());
    let mut reader = body.get_binary_reader();
    validator.read_locals(&mut reader).map_err(malformed)?;
    let mut locals = Vec::new();
    for local in body.get_locals_reader().map_err(malformed)? {
        let (count, ty) = local.map_err(malformed)?;
        locals.push((count, RoundtripReencoder.val_type(ty).map_err(malformed)?));
    }
    let mut out = Function::new(locals);
    let mut operators = body.get_operators_reader().map_err(malformed)?;
    while !operators.eof() {
        let offset = operators.original_position();
        let operator = operators.read().map_err(malformed)?;
        let reachable = validator.get_control_frame(0).is_some_and(|frame| !frame.unreachable);
        let mut after = None;
        let mut keep = true;
        if reachable && operators::name(&operator) == wanted {
            let arity = operator.operator_arity(&validator.visitor(offset));
            let top = validator.get_operand_type(0).flatten();
            match (how, arity) {
                (Perturbation::Trap, _) => _ = out.instruction(&Instruction::Unreachable),
                (Perturbation::Wrong, _) if is_structural(wanted) => {}
                (Perturbation::Wrong, Some((1.., _))) if decides(&operator) => change(&mut out, top),
                (Perturbation::Wrong, Some((_, 1..))) => after = Some(()),
                (Perturbation::Wrong, Some((1.., 0))) => change(&mut out, top),
                (Perturbation::Wrong, _) => keep = false,
            }
        }
        validator.op(offset, &operator).map_err(malformed)?;
        if keep {
            out.instruction(&RoundtripReencoder.instruction(operator).map_err(malformed)?);
        }
        if after.is_some() {
            change(&mut out, validator.get_operand_type(0).flatten());
        }
    }
    Ok(out)
}

/// Whether an operator's last operand decides where control goes.
fn decides(operator: &Operator<'_>) -> bool {
    matches!(operator, Operator::If { .. } | Operator::BrIf { .. } | Operator::BrTable { .. })
}

/// Changes the value on top of the stack.
fn change(out: &mut Function, ty: Option<ValType>) {
    let mut emit = |instructions: &[Instruction<'_>]| {
        instructions.iter().for_each(|instruction| _ = out.instruction(instruction));
    };
    match ty {
        Some(ValType::I32) => emit(&[Instruction::I32Const(1), Instruction::I32Xor]),
        Some(ValType::I64) => emit(&[Instruction::I64Const(1), Instruction::I64Xor]),
        Some(ValType::F32) => emit(&[Instruction::F32Neg]),
        Some(ValType::F64) => emit(&[Instruction::F64Neg]),
        Some(ValType::Ref(ty)) if ty.is_extern_ref() => {
            emit(&[Instruction::Drop, Instruction::RefNull(HeapType::EXTERN)]);
        }
        Some(ValType::Ref(_)) => emit(&[Instruction::Drop, Instruction::RefNull(HeapType::FUNC)]),
        Some(ValType::V128) => emit(&[Instruction::V128Not]),
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_perturbed_is_valid() {
        for number in 0..40 {
            let case = crate::generate::smith::case(5, number);
            for operator in present(&case.wasm).expect("it is valid") {
                for how in [Perturbation::Wrong, Perturbation::Trap] {
                    let wrong = perturb(&case.wasm, operator, how).expect("it is valid");
                    wasmparser::validate(&wrong).unwrap_or_else(|error| panic!("{operator}, {how:?}: {error}"));
                }
            }
        }
    }
}
