//! A case: a module, and everything that decides how it is run. Both travel in one `.wasm` or `.wat` file.

use crate::host::{Manner, edge_value, program_value};
use crate::rewrite::fuel::FuelMode;
use crate::rng::Rng;
use crate::shape::Shape;
use crate::value::{FuncIdentity, Value, ValueType};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use wasm_encoder::{CustomSection, Encode, Section};

/// The custom section that holds the plan, as JSON.
pub const SECTION: &str = "lightbeam.plan";
/// How the line of a text begins that holds the plan, as JSON.
const LINE: &str = ";;! plan ";
/// A generated module's calls.
const GENERATED_CALLS: usize = 32;
/// A real module's calls: each export once, but no more than this.
const REAL_CALLS: usize = 2000;

/// Why NaN bits compare: the specification leaves the sign and payload of computed NaNs open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NanMode {
    /// The generator put a canonicaliser behind each operator that may compute a NaN, but for
    /// conversions between floats: rewriting puts those.
    Generated,
    /// Rewriting puts it there.
    Rewritten,
    /// The module computes no float.
    NoFloats,
}

/// How much is added to a module to see into it. What is added changes the code around it, so no variant
/// finds everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Variant {
    /// Fuel.
    #[default]
    Fuelled,
    /// Fuel, and a hash of the path that execution takes.
    Traced,
    /// Nothing: only the calls are made that end within their fuel, and the module runs without it.
    Bare,
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedCall {
    /// The function's index.
    pub func: u32,
    /// Its arguments.
    pub args: Vec<Value>,
}

/// How a module is run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The seed of the host.
    pub host_seed: u64,
    /// How the host behaves.
    pub manner: Manner,
    /// Fuel before each call, and before the start function.
    pub fuel: u32,
    /// What happens without fuel.
    pub fuel_mode: FuelMode,
    /// Why NaN bits compare.
    pub nan: NanMode,
    /// What is added to the module beside fuel.
    #[serde(default)]
    pub variant: Variant,
    /// The calls, in order.
    pub calls: Vec<PlannedCall>,
}

/// A module with its plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The module, as it was before rewriting.
    pub wasm: Vec<u8>,
    /// How it is run.
    pub plan: Plan,
}

impl Plan {
    /// A plan for a generated module.
    pub fn generated(shape: &Shape, nan: NanMode, rng: &mut Rng) -> Plan {
        let mut funcs: Vec<u32> = callable(shape);
        let fuel_mode = if rng.one_in(8) { FuelMode::Trap } else { FuelMode::Leave };
        let fuel = *rng.pick(&[20, 200, 1000, 1000, 3000]);
        if !funcs.is_empty() {
            funcs.truncate(GENERATED_CALLS);
            let again = rng.below(funcs.len() as u64 + 3) as usize;
            let again = again.min(GENERATED_CALLS - funcs.len());
            funcs.extend((0..again).map(|_| *rng.pick(&funcs)).collect::<Vec<_>>());
        }
        let calls = calls(shape, &funcs, rng, edge_value);
        let host_seed = rng.next_u64();
        let variant = *rng.pick(&[Variant::Fuelled, Variant::Traced, Variant::Bare]);
        let manner = match host_seed % 8 {
            0..=2 if !shape.imports.is_empty() => Manner::Linked,
            0..=4 => Manner::Meddling,
            _ => Manner::Wild,
        };
        Plan { host_seed, manner, fuel, fuel_mode, nan, variant, calls }
    }

    /// A plan for a module from the world.
    pub fn real(shape: &Shape, seed: u64) -> Plan {
        let mut rng = Rng::new(seed, 1);
        let mut funcs = callable(shape);
        funcs.truncate(REAL_CALLS);
        let calls = calls(shape, &funcs, &mut rng, program_value);
        let nan = NanMode::Rewritten;
        let (fuel, fuel_mode) = (200_000, FuelMode::Trap);
        let variant = Variant::Fuelled;
        Plan { host_seed: rng.next_u64(), manner: Manner::Tame, fuel, fuel_mode, nan, variant, calls }
    }
}

/// The exported functions, each once. Imported ones that are exported again tell nothing.
fn callable(shape: &Shape) -> Vec<u32> {
    let mut seen = vec![false; shape.funcs.len()];
    let exported = shape.exported_funcs.iter().map(|(_, index)| *index);
    exported
        .filter(|index| *index >= shape.imported_funcs && !std::mem::replace(&mut seen[*index as usize], true))
        .collect()
}

/// How a value of a type is drawn.
type Draw = fn(&mut Rng, ValueType) -> Value;

fn calls(shape: &Shape, funcs: &[u32], rng: &mut Rng, draw: Draw) -> Vec<PlannedCall> {
    let call = |func: &u32| {
        let args = shape.func_type(*func).params.iter().map(|ty| argument(shape, *ty, rng, draw)).collect();
        PlannedCall { func: *func, args }
    };
    funcs.iter().map(call).collect()
}

fn argument(shape: &Shape, ty: ValueType, rng: &mut Rng, draw: Draw) -> Value {
    match ty {
        ValueType::FuncRef if !rng.one_in(3) => {
            Value::FuncRef(FuncIdentity::Index(rng.below(shape.funcs.len() as u64) as u32))
        }
        ty => draw(rng, ty),
    }
}

impl Case {
    /// The module with its plan in a custom section: a file that replays by itself. One that cannot be parsed stays
    /// alone: the section would make another module of it.
    ///
    /// # Panics
    ///
    /// Never: a plan is always representable as JSON.
    pub fn to_envelope(&self) -> Vec<u8> {
        if wasmparser::Parser::new(0).parse_all(&self.wasm).any(|payload| payload.is_err()) {
            return self.wasm.clone();
        }
        let plan = serde_json::to_vec(&self.plan).expect("a plan holds nothing that JSON cannot");
        let section = CustomSection { name: SECTION.into(), data: plan.into() };
        let mut bytes = self.wasm.clone();
        bytes.push(section.id());
        section.encode(&mut bytes);
        bytes
    }

    /// Splits a file into its module and its plan, if it has one that can be read.
    pub fn from_envelope(bytes: &[u8]) -> Option<Case> {
        let mut start = 0;
        for payload in wasmparser::Parser::new(0).parse_all(bytes) {
            let payload = payload.ok()?;
            if let wasmparser::Payload::CustomSection(section) = &payload
                && section.name() == SECTION
            {
                let plan = serde_json::from_slice(section.data()).ok()?;
                // The section's header lies before its range: an identifier and a size.
                let mut wasm = bytes[..start].to_vec();
                wasm.extend_from_slice(&bytes[section.range().end as usize..]);
                return Some(Case { wasm, plan });
            }
            if let Some((_, range)) = payload.as_section() {
                start = range.end as usize;
            } else if let wasmparser::Payload::Version { range, .. } = &payload {
                start = range.end as usize;
            }
        }
        None
    }

    /// The module as text, with its plan in the first line: a file that replays by itself and can be edited. One that
    /// cannot be printed says why instead.
    ///
    /// # Panics
    ///
    /// As [`Case::to_envelope`].
    pub fn to_text(&self) -> String {
        let text = wasmprinter::print_bytes(&self.wasm).unwrap_or_else(|error| format!(";; not printable: {error}"));
        let plan = serde_json::to_string(&self.plan).expect("a plan holds nothing that JSON cannot");
        format!("{LINE}{plan}\n{text}")
    }

    /// The plan that a text holds, if it holds one.
    ///
    /// # Errors
    ///
    /// If that cannot be read.
    pub fn plan_of_text(text: &[u8]) -> Result<Option<Plan>> {
        let lines = text.split(|byte| *byte == b'\n');
        let plan = lines.take_while(|line| line.starts_with(b";;")).find_map(|line| line.strip_prefix(LINE.as_bytes()));
        plan.map(|plan| serde_json::from_slice(plan).context("it holds a plan that cannot be read")).transpose()
    }

    /// Whether the plan's calls fit the module; a file from elsewhere may hold anything.
    pub fn fits(&self, shape: &Shape) -> bool {
        self.plan.calls.iter().all(|call| {
            (call.func as usize) < shape.funcs.len()
                && call.args.iter().map(|arg| arg.ty()).eq(shape.func_type(call.func).params.iter().copied())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_gives_back_the_module_and_the_plan() {
        let wasm = wat::parse_str(
            r#"(module (func (export "f") (param f32 funcref externref) (result i32) i32.const 1)
                (@custom "x" (before first) "y") (data "abc"))"#,
        )
        .expect("the text is well-formed");
        let shape = Shape::parse(&wasm).expect("the shape is within Wasm 2.0");
        let plan = Plan::generated(&shape, NanMode::Generated, &mut Rng::new(3, 4));
        let case = Case { wasm, plan };
        let envelope = case.to_envelope();
        wasmparser::validate(&envelope).expect("an envelope is a valid module");
        assert_eq!(Case::from_envelope(&envelope), Some(case.clone()));
        assert!(case.fits(&shape));
        assert_eq!(Case::from_envelope(&case.wasm), None);
    }

    #[test]
    fn a_text_gives_back_the_module_and_the_plan() {
        let wasm = wat::parse_str(r#"(module (func (export "f") (param f32) (result i32) i32.const 1) (memory 1))"#)
            .expect("the text is well-formed");
        let shape = Shape::parse(&wasm).expect("the shape is within Wasm 2.0");
        let plan = Plan::generated(&shape, NanMode::Generated, &mut Rng::new(3, 4));
        let text = format!(";; found by hand\n{}", Case { wasm: wasm.clone(), plan: plan.clone() }.to_text());
        assert_eq!(wat::parse_str(&text).expect("a text is one of a module"), wasm);
        assert_eq!(Case::plan_of_text(text.as_bytes()).expect("it can be read"), Some(plan));
        assert_eq!(Case::plan_of_text(b"(module)\n;;! plan 5").expect("a plan is before the module"), None);
        assert!(Case::plan_of_text(b";;! plan {}\n(module)").is_err());
    }
}
