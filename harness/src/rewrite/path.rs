//! The path pass: a global holds a hash of the path that execution took, so that a wrong branch shows
//! even where nothing comes of it.

use super::extend::{self, Pass};
use super::fuel::RewriteError;
use wasm_encoder::{ConstExpr, Function, Instruction, ValType};
use wasmparser::Operator;

/// Adds the hash as the module's last global, an `i64`.
///
/// # Errors
///
/// If the module is malformed.
pub fn trace(wasm: &[u8], globals: u32) -> Result<Vec<u8>, RewriteError> {
    extend::extend(wasm, &mut Path { hash: globals, step: 0 })
}

struct Path {
    /// The global.
    hash: u32,
    /// The number of the next step.
    step: i64,
}

impl Path {
    /// Mixes the number of this place into the hash.
    fn step(&mut self, out: &mut Function) {
        self.step += 1;
        for instruction in [
            Instruction::GlobalGet(self.hash),
            Instruction::I64Const(5),
            Instruction::I64Rotl,
            Instruction::I64Const(self.step),
            Instruction::I64Xor,
            Instruction::GlobalSet(self.hash),
        ] {
            out.instruction(&instruction);
        }
    }
}

impl Pass for Path {
    fn globals(&self) -> Vec<(ValType, ConstExpr)> {
        vec![(ValType::I64, ConstExpr::i64_const(0))]
    }

    fn entry(&mut self, _func: u32, out: &mut Function) {
        self.step(out);
    }

    fn after(&mut self, _func: u32, _offset: u64, operator: &Operator<'_>, out: &mut Function) {
        // Wherever control can come from more than one place, or go to more than one.
        if matches!(operator, Operator::Loop { .. } | Operator::If { .. } | Operator::Else | Operator::BrIf { .. }) {
            self.step(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::Shape;

    #[test]
    fn traced_modules_are_valid_and_have_one_global_more() {
        for number in 0..40 {
            let case = crate::generate::smith::case(8, number);
            let globals = Shape::parse(&case.wasm).expect("it is valid").globals.len();
            let traced = trace(&case.wasm, globals as u32).expect("it can be traced");
            wasmparser::validate(&traced).expect("it stays valid");
            assert_eq!(Shape::parse(&traced).expect("it is valid").globals.len(), globals + 1);
        }
    }
}
