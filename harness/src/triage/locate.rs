//! Where two executions part: the first operator behind which something differs.
//!
//! One operator at a time is made the last one that is executed: all that the function has at that point, its locals
//! and the values on its stack, goes into globals, and it traps. Everything before it stays as it was, so the comparison
//! says whether the two engines still agree there.

use crate::compare::{Divergence, Observation};
use crate::host::Host;
use crate::linking::Origin;
use crate::plan::Case;
use crate::reduce::predicate::Judge;
use crate::rewrite::extend::{Pass, extend};
use crate::rewrite::operators;
use crate::shape::{Import, ImportShape, Shape};
use anyhow::{Context, Result};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use wasm_encoder::{BlockType, ConstExpr, Function, Instruction};
use wasmparser::{FuncValidatorAllocations, Operator, Parser, Payload, ValType, ValidPayload, Validator, WasmFeatures};

/// Which executions of an operator are looked at.
const EXECUTIONS: [i32; 4] = [1, 2, 3, 7];
/// How many locals and how many values on the stack are looked at, of each the last ones.
const MOST_VALUES: usize = 64;

/// An operator behind which executions differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parting {
    /// The function.
    pub func: u32,
    /// The operator's byte offset in the case's module.
    pub offset: u32,
    /// Its name.
    pub operator: String,
    /// The execution behind which they differ, from 1.
    pub execution: i32,
    /// What differs.
    pub shows: String,
    /// That on the engine under test.
    pub engine: String,
    /// That on the oracle.
    pub oracle: String,
}

impl fmt::Display for Parting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} in function {} at {:#x}, execution {}: {} is {} instead of {}",
            self.operator, self.func, self.offset, self.execution, self.shows, self.engine, self.oracle
        )
    }
}

/// Something that can be looked at behind an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    /// A value on the stack, the topmost is 0.
    Stack(u32, ValType),
    /// A local.
    Local(u32, ValType),
}

/// An operator.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Candidate {
    func: u32,
    offset: u32,
    name: &'static str,
    /// Whether control goes on behind it.
    goes_on: bool,
    /// The function that it calls.
    callee: Option<u32>,
    /// What of the stack can be looked at there, the topmost first; what is between and cannot is `None`.
    stack: Vec<Option<ValType>>,
    /// The types of the locals.
    locals: Vec<ValType>,
}

/// The first operator behind which something differs, in the order of the function that the plan calls and then of
/// those that it calls; at its first execution, else at a later one. If there is none, the way back from the call. `None`
/// if it is no call that differs, but what happens at instantiation.
///
/// # Errors
///
/// If the module is invalid, or if a process cannot be started.
pub fn locate(judge: &Judge<'_>, case: &Case, most: usize) -> Result<Option<Parting>> {
    let shape = Shape::parse(&case.wasm)?;
    let candidates = candidates(&case.wasm).context("the module cannot be looked into")?;
    // Nobody tells in which call a process died.
    let died = judge.divergence.what == Observation::Process;
    let call = judge.divergence.call.or(case.plan.calls.len().checked_sub(1).filter(|_| died));
    let called = call.and_then(|call| case.plan.calls.get(call)).map(|call| call.func);
    let linked = linked(case, &shape);
    for execution in EXECUTIONS {
        let mut seen = vec![false; shape.funcs.len()];
        let mut found: Option<Parting> = None;
        let mut next = called;
        // Each function that a differing call goes to is looked into.
        while let Some(func) = next.take().filter(|func| !std::mem::replace(&mut seen[*func as usize], true)) {
            let within = candidates.iter().filter(|candidate| candidate.func == func);
            if let Some((candidate, parting)) = first(judge, case, &shape, within.take(most), execution)? {
                found = Some(parting);
                next = candidate.callee.map(|callee| linked.get(&callee).copied().unwrap_or(callee));
            }
        }
        if found.is_some() {
            return Ok(found);
        }
        let others = candidates.iter().filter(|candidate| !seen[candidate.func as usize]);
        if let Some((_, parting)) = first(judge, case, &shape, others.take(most), execution)? {
            return Ok(Some(parting));
        }
    }
    // Behind each operator that was looked at all is well: the way back from the call is left.
    let all = candidates.len() <= most;
    let last = called.and_then(|func| candidates.iter().rfind(|candidate| candidate.func == func));
    Ok(last.filter(|_| all).map(|last| Parting {
        func: last.func,
        offset: last.offset,
        operator: "Return".to_string(),
        execution: 1,
        shows: judge.divergence.what.to_string(),
        engine: judge.divergence.ours.clone(),
        oracle: judge.divergence.oracle.clone(),
    }))
}

/// The functions that stand for imported ones, in another instance of the module.
fn linked(case: &Case, shape: &Shape) -> HashMap<u32, u32> {
    let origins = Host::new(case.plan.host_seed, case.plan.manner).origins(shape).unwrap_or_default();
    let linked = |(import, origin): (&Import, Origin)| match (import.kind, origin) {
        (ImportShape::Func(import), Origin::Twin(func)) => Some((import, func)),
        _ => None,
    };
    shape.imports.iter().zip(origins).filter_map(linked).collect()
}

/// The first of these operators behind which something differs.
fn first<'c>(
    judge: &Judge<'_>,
    case: &Case,
    shape: &Shape,
    candidates: impl Iterator<Item = &'c Candidate>,
    execution: i32,
) -> Result<Option<(&'c Candidate, Parting)>> {
    let mut branch: Option<&Candidate> = None;
    for candidate in candidates {
        if !candidate.goes_on {
            branch = Some(candidate);
            continue;
        }
        let probe = Probe::new(shape, candidate, execution);
        let wasm = extend(&case.wasm, &mut probe.clone())?;
        let probed = Case { wasm, plan: case.plan.clone() };
        let may_trap = traps(candidate.name);
        // What ends as if nothing had been added did not come there, unless it ends by the operator itself.
        let came = |now: &Divergence| may_trap || now.what != Observation::Call || *now != judge.divergence;
        if let Some(divergence) = judge.any(&probed)?.filter(came) {
            let arrival = divergence.what == Observation::Call && !may_trap;
            // Where only one engine comes, the branch before was wrong.
            let blamed = branch.filter(|_| arrival).unwrap_or(candidate);
            return Ok(Some((candidate, probe.parting(blamed, divergence))));
        }
        if branches(candidate.name) {
            branch = Some(candidate);
        }
    }
    Ok(None)
}

/// Whether control goes on in different places behind an operator.
fn branches(name: &str) -> bool {
    matches!(name, "Br" | "BrIf" | "BrTable" | "If" | "Else" | "Return")
}

/// Whether an operator may trap by itself.
fn traps(name: &str) -> bool {
    let prefixes = ["Call", "Memory", "Table", "Elem", "Data", "Unreachable"];
    let within = ["Div", "Rem", "Trunc", "Load", "Store"];
    prefixes.iter().any(|prefix| name.starts_with(prefix)) || within.iter().any(|part| name.contains(part))
}

fn candidates(wasm: &[u8]) -> Result<Vec<Candidate>> {
    let mut candidates = Vec::new();
    let mut validator = Validator::new_with_features(WasmFeatures::WASM2.union(WasmFeatures::RELAXED_SIMD));
    for payload in Parser::new(0).parse_all(wasm) {
        let ValidPayload::Func(function, body) = validator.payload(&payload?)? else { continue };
        let mut validator = function.into_validator(FuncValidatorAllocations::default());
        let func = validator.index();
        validator.read_locals(&mut body.get_binary_reader())?;
        let locals = (0..validator.len_locals()).map_while(|local| validator.get_local_type(local)).collect::<Vec<_>>();
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let offset = operators.original_position();
            let operator = operators.read()?;
            let reachable = validator.get_control_frame(0).is_some_and(|frame| !frame.unreachable);
            validator.op(offset, &operator)?;
            let Some(frame) = validator.get_control_frame(0) else {
                candidates.push(Candidate {
                    func,
                    offset: offset as u32,
                    name: "Return",
                    goes_on: false,
                    callee: None,
                    stack: Vec::new(),
                    locals: Vec::new(),
                });
                continue;
            };
            if !reachable && !matches!(operator, Operator::End | Operator::Else) {
                continue;
            }
            let on_stack = (validator.operand_stack_height() as usize).saturating_sub(frame.height);
            let looks = |depth: usize| validator.get_operand_type(depth).flatten().filter(|ty| is_data(*ty));
            let callee = match operator {
                Operator::Call { function_index } => Some(function_index),
                _ => None,
            };
            candidates.push(Candidate {
                func,
                offset: offset as u32,
                name: operators::name(&operator),
                goes_on: !frame.unreachable,
                callee,
                stack: (0..on_stack.min(MOST_VALUES)).map(looks).collect(),
                locals: locals.clone(),
            });
        }
    }
    Ok(candidates)
}

/// The names of a module's operators.
///
/// # Errors
///
/// If the module cannot be read.
pub fn operators(wasm: &[u8]) -> Result<BTreeSet<&'static str>> {
    let mut names = BTreeSet::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let Payload::CodeSectionEntry(body) = payload? else { continue };
        for operator in body.get_operators_reader()? {
            names.insert(operators::name(&operator?));
        }
    }
    Ok(names)
}

/// Whether a value of this type can be kept in a global and compared.
fn is_data(ty: ValType) -> bool {
    !matches!(ty, ValType::Ref(_))
}

/// What is added to a module: a global for each value that is looked at, and one for how many executions are left.
#[derive(Debug, Clone)]
struct Probe {
    /// The candidate's function, among the defined ones.
    func: u32,
    offset: u32,
    execution: i32,
    /// The first global of ours.
    first: u32,
    /// What the globals hold, but for the last one, which counts.
    looks: Vec<Look>,
    /// Values on the stack that nobody can look at.
    stack: Vec<Option<ValType>>,
}

impl Probe {
    fn new(shape: &Shape, candidate: &Candidate, execution: i32) -> Probe {
        let numbers = |values: &[Option<ValType>], make: fn(u32, ValType) -> Look| -> Vec<Look> {
            let values = values.iter().enumerate();
            values.filter_map(|(index, ty)| Some(make(index as u32, (*ty)?))).collect()
        };
        // What is below the top cannot be kept for another execution.
        let depth = if execution == 1 { candidate.stack.len() } else { candidate.stack.len().min(1) };
        let mut looks = numbers(&candidate.stack[..depth], Look::Stack);
        let locals: Vec<_> = candidate.locals.iter().map(|ty| Some(*ty).filter(|ty| is_data(*ty))).collect();
        let skipped = locals.len().saturating_sub(MOST_VALUES);
        let locals = numbers(&locals, Look::Local).into_iter();
        looks.extend(locals.filter(|look| matches!(look, Look::Local(index, _) if *index as usize >= skipped)));
        Probe {
            func: candidate.func - shape.imported_funcs,
            offset: candidate.offset,
            execution,
            first: shape.globals.len() as u32,
            looks,
            stack: candidate.stack[..depth].to_vec(),
        }
    }

    fn parting(&self, candidate: &Candidate, divergence: Divergence) -> Parting {
        // What one instance is called for may show in the other.
        let what = match &divergence.what {
            Observation::Twin(what) => what,
            what => what,
        };
        let look = match what {
            Observation::Global(global) => {
                global.checked_sub(self.first).and_then(|look| self.looks.get(look as usize))
            }
            _ => None,
        };
        let shows = match look {
            Some(Look::Stack(0, _)) => "the value".to_string(),
            Some(Look::Stack(depth, _)) => format!("the value {depth} below the top"),
            Some(Look::Local(local, _)) => format!("local {local}"),
            None => divergence.what.to_string(),
        };
        Parting {
            func: candidate.func,
            offset: candidate.offset,
            operator: candidate.name.to_string(),
            execution: self.execution,
            shows,
            engine: divergence.ours,
            oracle: divergence.oracle,
        }
    }

    /// Stores locals, and traps.
    fn end(&self, out: &mut Function) {
        for (number, look) in self.looks.iter().enumerate() {
            if let Look::Local(local, _) = look {
                out.instruction(&Instruction::LocalGet(*local));
                out.instruction(&Instruction::GlobalSet(self.first + number as u32));
            }
        }
        out.instruction(&Instruction::Unreachable);
    }

    /// Stores values on the stack, the topmost first.
    fn stack(&self, out: &mut Function) {
        let mut global = self.first;
        for value in &self.stack {
            if value.is_some() {
                out.instruction(&Instruction::GlobalSet(global));
                global += 1;
            } else {
                out.instruction(&Instruction::Drop);
            }
        }
    }
}

impl Pass for Probe {
    fn globals(&self) -> Vec<(wasm_encoder::ValType, ConstExpr)> {
        let zero = |look: &Look| {
            let (Look::Stack(_, ty) | Look::Local(_, ty)) = look;
            match ty {
                ValType::I64 => (wasm_encoder::ValType::I64, ConstExpr::i64_const(0)),
                ValType::F32 => (wasm_encoder::ValType::F32, ConstExpr::f32_const(0.0.into())),
                ValType::F64 => (wasm_encoder::ValType::F64, ConstExpr::f64_const(0.0.into())),
                ValType::V128 => (wasm_encoder::ValType::V128, ConstExpr::v128_const(0)),
                _ => (wasm_encoder::ValType::I32, ConstExpr::i32_const(0)),
            }
        };
        let count = (wasm_encoder::ValType::I32, ConstExpr::i32_const(self.execution));
        self.looks.iter().map(zero).chain([count]).collect()
    }

    /// Keeps the values, and traps if this was the execution that is looked at.
    fn after(&mut self, func: u32, offset: u64, _operator: &Operator<'_>, out: &mut Function) {
        if func != self.func || offset != u64::from(self.offset) {
            return;
        }
        if self.execution == 1 {
            self.stack(out);
            self.end(out);
            return;
        }
        let count = self.first + self.looks.len() as u32;
        // One value can be kept and put back.
        let kept = matches!(self.stack[..], [Some(_)]);
        if kept {
            out.instruction(&Instruction::GlobalSet(self.first));
        }
        for instruction in [
            Instruction::GlobalGet(count),
            Instruction::I32Const(1),
            Instruction::I32Sub,
            Instruction::GlobalSet(count),
            Instruction::GlobalGet(count),
            Instruction::I32Eqz,
            Instruction::If(BlockType::Empty),
        ] {
            out.instruction(&instruction);
        }
        self.end(out);
        out.instruction(&Instruction::End);
        if kept {
            out.instruction(&Instruction::GlobalGet(self.first));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::Generator;
    use crate::host::Manner;

    #[test]
    fn calls_of_imports_are_followed_into_the_other_instance() {
        let mut found = 0;
        for mut case in (0..300).map(|number| Generator::Pressure.case(6, number).1) {
            let shape = Shape::parse(&case.wasm).expect("it is valid");
            for (import, func) in linked(&case, &shape) {
                found += 1;
                assert!(import < shape.imported_funcs && func >= shape.imported_funcs);
                assert_eq!(shape.func_type(import), shape.func_type(func));
            }
            case.plan.manner = Manner::Meddling;
            assert!(linked(&case, &shape).is_empty());
        }
        assert!(found > 10, "{found} imports are functions of the other instance");
    }

    #[test]
    fn probes_are_valid_and_candidates_are_in_order() {
        use crate::generate::smith;
        for case in (0..30).flat_map(|number| [smith::case(6, number), smith::vectors(6, number)]) {
            let shape = Shape::parse(&case.wasm).expect("it is valid");
            let candidates = candidates(&case.wasm).expect("it is valid");
            assert!(candidates.is_sorted_by_key(|candidate| candidate.offset));
            for candidate in candidates.iter().take(20) {
                for execution in [1, 2].into_iter().filter(|_| candidate.goes_on) {
                    let mut probe = Probe::new(&shape, candidate, execution);
                    let wasm = extend(&case.wasm, &mut probe).expect("it can be probed");
                    wasmparser::validate(&wasm).unwrap_or_else(|error| panic!("{candidate:?}: {error}"));
                }
            }
        }
    }
}
