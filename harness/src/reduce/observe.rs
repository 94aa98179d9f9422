//! The values that expressions have: each is stored where it is computed, and the calls are run on the oracle.

use super::body::{Body, constant_expression};
use crate::engine::Engine;
use crate::host::Host;
use crate::outcome::Outcome;
use crate::panics;
use crate::plan::Case;
use crate::rewrite::extend::{self, Pass};
use crate::rewrite::fuel;
use crate::shape::Shape;
use crate::value::{Value, ValueType};
use std::collections::HashMap;
use std::sync::Arc;
use wasm_encoder::{BlockType, ConstExpr, Function, Instruction, ValType};
use wasmparser::Operator;

/// At most this many expressions are looked at in one run.
const MOST: usize = 2000;

/// The first and the last value that one expression had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Observed {
    /// When it was first computed.
    pub first: Value,
    /// When it was last computed.
    pub last: Value,
}

/// The values of the results of a function's operators, by the index of the operator: of those that have one result
/// and were executed.
pub(super) fn observe(case: &Case, body: &Body, oracle: &dyn Engine) -> HashMap<usize, Observed> {
    let run = || values(case, body, oracle);
    panics::catch(run).ok().flatten().unwrap_or_default()
}

struct Stores<'b> {
    body: &'b Body,
    /// The index of the first global of ours.
    first: u32,
    /// The operators whose results are stored, by byte offset: their number, and the type.
    stored: HashMap<u64, (u32, ValueType)>,
    /// The types in order.
    types: Vec<ValueType>,
}

/// Globals for each expression: the first value, the last value, and whether there was one.
const EACH: u32 = 3;

impl Pass for Stores<'_> {
    fn globals(&self) -> Vec<(ValType, ConstExpr)> {
        let globals = |ty: &ValueType| {
            let value = (ty.to_encoder(), constant_expression(*ty));
            [value.clone(), value, (ValType::I32, ConstExpr::i32_const(0))]
        };
        self.types.iter().flat_map(globals).collect()
    }

    fn after(&mut self, func: u32, offset: u64, _operator: &Operator<'_>, out: &mut Function) {
        if func != self.body.func {
            return;
        }
        let Some((number, _)) = self.stored.get(&offset) else { return };
        let first = self.first + number * EACH;
        let (last, seen) = (first + 1, first + 2);
        for instruction in [
            Instruction::GlobalSet(last),
            Instruction::GlobalGet(seen),
            Instruction::I32Eqz,
            Instruction::If(BlockType::Empty),
            Instruction::GlobalGet(last),
            Instruction::GlobalSet(first),
            Instruction::I32Const(1),
            Instruction::GlobalSet(seen),
            Instruction::End,
            Instruction::GlobalGet(last),
        ] {
            out.instruction(&instruction);
        }
    }
}

fn values(case: &Case, body: &Body, oracle: &dyn Engine) -> Option<HashMap<usize, Observed>> {
    let shape = Shape::parse(&case.wasm).ok()?;
    let first = shape.globals.len() as u32;
    let mut stores = Stores { body, first, stored: HashMap::new(), types: Vec::new() };
    let mut ops = Vec::new();
    for (index, op) in body.ops.iter().enumerate().rev().skip(1) {
        if let [ty] = op.results[..]
            && ops.len() < MOST
        {
            stores.stored.insert(op.offset, (ops.len() as u32, ty));
            stores.types.push(ty);
            ops.push(index);
        }
    }
    let wasm = extend::extend(&case.wasm, &mut stores).ok()?;
    let shape = Arc::new(Shape::parse(&wasm).ok()?);
    let wasm = fuel::instrument(&wasm, &shape, case.plan.fuel_mode, case.plan.nan).ok()?;
    let module = oracle.compile(&wasm).ok()?;
    let mut instance = module.prepare(shape, Host::new(case.plan.host_seed, case.plan.manner)).ok()?;
    if matches!(instance.start(), Outcome::Returned(_)) {
        for call in &case.plan.calls {
            instance.refuel(case.plan.fuel);
            if !matches!(instance.call(call.func, &call.args), Outcome::Returned(_) | Outcome::Trapped(_)) {
                break;
            }
        }
    }
    let mut values = HashMap::new();
    for (number, index) in ops.into_iter().enumerate() {
        let at = first + number as u32 * EACH;
        if instance.global(at + 2) == Some(Value::I32(1)) {
            values.insert(index, Observed { first: instance.global(at)?, last: instance.global(at + 1)? });
        }
    }
    Some(values)
}
