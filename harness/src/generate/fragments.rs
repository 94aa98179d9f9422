//! Functions of real modules in new surroundings: compilers emit shapes of code that no generator
//! thinks of.
//!
//! One to three functions are cut out of the programs of the benchmarks with their types, globals and
//! memory; callees that did not come along become small functions that mix their arguments.

use super::draft::{Body, Draft};
use super::writer::Writer;
use crate::host::program_value;
use crate::plan::{Case, PlannedCall};
use crate::rewrite::fuel::FuelMode;
use crate::rng::Rng;
use crate::shape::Shape;
use crate::value::{FuncIdentity, Value, ValueType};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use wasm_encoder::reencode::{Error, Reencode};
use wasmparser::{FunctionBody, Operator, Parser, Payload};

/// Functions with larger bodies are left where they are.
const LARGEST: usize = 1200;
/// Bytes of data that come along.
const DATA: usize = 512;
/// Pages of memory: C programs have their stack in the second.
const PAGES: u32 = 2;
/// Types, globals and bodies that a source may have.
const MOST: usize = 10_000;

/// A module to cut from.
#[derive(Debug)]
pub struct Source<'a> {
    shape: Shape,
    globals: Vec<Value>,
    bodies: Vec<FunctionBody<'a>>,
    /// Bodies that may be cut.
    fit: Vec<usize>,
    data: Vec<(u32, &'a [u8])>,
}

static PROGRAMS: LazyLock<Vec<Source<'static>>> =
    LazyLock::new(|| lightbeam_bench::programs().iter().filter_map(|program| Source::new(program.wasm)).collect());

/// The case with this number in the sequence of a seed, from the programs of the benchmarks.
pub fn case(seed: u64, number: u64) -> Case {
    let mut rng = Rng::new(seed, number ^ 0x6672_6167);
    recombine(&PROGRAMS, &mut rng)
}

impl<'a> Source<'a> {
    /// Reads a valid module. `None` if it is beyond what can be cut, or nothing in it can.
    pub fn new(wasm: &'a [u8]) -> Option<Source<'a>> {
        super::defined(wasm).ok()?;
        let shape = Shape::parse(wasm).ok().filter(|shape| shape.funcs.len() <= MOST && shape.globals.len() <= MOST)?;
        let mut source = Source { shape, globals: Vec::new(), bodies: Vec::new(), fit: Vec::new(), data: Vec::new() };
        for payload in Parser::new(0).parse_all(wasm) {
            match payload.ok()? {
                Payload::GlobalSection(section) => {
                    for global in section {
                        let value = constant(&global.ok()?.init_expr);
                        source.globals.push(value?);
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    if cuttable(&body) {
                        source.fit.push(source.bodies.len());
                    }
                    source.bodies.push(body);
                }
                Payload::DataSection(section) => {
                    for data in section {
                        let data = data.ok()?;
                        if let wasmparser::DataKind::Active { offset_expr, .. } = data.kind
                            && let Some(Value::I32(offset)) = constant(&offset_expr)
                        {
                            source.data.push((offset, &data.data[..data.data.len().min(DATA)]));
                        }
                    }
                }
                _ => {}
            }
        }
        let own = source.shape.imported_globals == 0 && !source.fit.is_empty();
        own.then_some(source)
    }
}

/// Whether a body is small and needs nothing but functions, types, globals, a memory and a table.
fn cuttable(body: &FunctionBody<'_>) -> bool {
    let Ok(operators) = body.get_operators_reader() else { return false };
    let mut plain = operators.into_iter().map(|operator| {
        operator.is_ok_and(|operator| {
            !matches!(
                operator,
                Operator::MemoryInit { .. }
                    | Operator::DataDrop { .. }
                    | Operator::TableInit { .. }
                    | Operator::ElemDrop { .. }
            )
        })
    });
    body.as_bytes().len() <= LARGEST && plain.all(|plain| plain)
}

/// The value of a constant expression that is only a constant.
fn constant(init: &wasmparser::ConstExpr<'_>) -> Option<Value> {
    Some(match init.get_operators_reader().read().ok()? {
        Operator::I32Const { value } => Value::I32(value as u32),
        Operator::I64Const { value } => Value::I64(value as u64),
        Operator::F32Const { value } => Value::F32(value.bits()),
        Operator::F64Const { value } => Value::F64(value.bits()),
        Operator::RefNull { hty } if hty == wasmparser::HeapType::FUNC => Value::FuncRef(FuncIdentity::Null),
        Operator::RefNull { .. } => Value::ExternRef(None),
        _ => return None,
    })
}

/// A module of functions from one or two sources.
///
/// # Panics
///
/// If there is no source.
pub fn recombine(sources: &[Source<'_>], rng: &mut Rng) -> Case {
    let mut draft = Draft::default();
    draft.memory = Some((PAGES, PAGES + 1));
    for _ in 0..1 + rng.below(2) {
        let source = rng.pick(sources);
        let mut chosen: Vec<usize> = (0..1 + rng.below(3)).map(|_| *rng.pick(&source.fit)).collect();
        chosen.sort_unstable();
        chosen.dedup();
        cut(source, &chosen, &mut draft, rng);
    }
    let count = draft.func_count();
    draft.tables.push((ValueType::FuncRef, count, count + 4));
    draft.elements.push((Some((0, 0)), (0..count).map(Some).collect()));
    let mut case = draft.case(rng, 0);
    case.plan.fuel = 2000;
    case.plan.fuel_mode = FuelMode::Leave;
    for _ in 0..3 {
        for func in 0..count {
            let params = draft.signature(func).0.iter();
            case.plan.calls.push(PlannedCall { func, args: params.map(|ty| argument(rng, *ty)).collect() });
        }
    }
    case
}

/// Mostly what programs pass. Edges as addresses would end most calls at once.
fn argument(rng: &mut Rng, ty: ValueType) -> Value {
    match ty {
        ValueType::I32 if !rng.one_in(10) => Value::I32(rng.below(0x1000) as u32 & !7),
        ty => program_value(rng, ty),
    }
}

/// Adds functions of a source to a module, with stubs for what they call.
fn cut(source: &Source<'_>, chosen: &[usize], draft: &mut Draft, rng: &mut Rng) {
    let signature = |func: u32| source.shape.func_type(func).clone();
    let first = source.shape.imported_funcs;
    let mut funcs = BTreeMap::new();
    for body in chosen {
        let func = first + *body as u32;
        let ty = signature(func);
        funcs.insert(func, draft.declare(&ty.params, &ty.results));
    }
    let globals = source.globals.iter().map(|value| draft.global(*value)).collect();
    for (offset, bytes) in source.data.iter().take(2) {
        if u64::from(*offset) + bytes.len() as u64 <= u64::from(PAGES) * 0x1_0000 {
            draft.data.push((Some(*offset), bytes.to_vec()));
        }
    }
    let mut moving = Moving { source, draft, funcs, globals, stubs: Vec::new() };
    for body in chosen {
        let func = first + *body as u32;
        if let Ok(moved) = moving.body(&source.bodies[*body], &signature(func).params) {
            let index = moving.funcs[&func];
            moving.draft.define(index, moved);
        }
    }
    for stub in moving.stubs {
        let writer = Writer::new(rng, draft, stub, 20);
        let body = writer.finish();
        draft.define(stub, body);
    }
}

/// Moves bodies into a draft: indices change.
struct Moving<'a> {
    source: &'a Source<'a>,
    draft: &'a mut Draft,
    /// Where functions of the source are in the draft.
    funcs: BTreeMap<u32, u32>,
    globals: Vec<u32>,
    stubs: Vec<u32>,
}

/// What a body names, but the source does not have. Sources are valid, so this does not happen.
#[derive(Debug)]
struct Missing;

impl Moving<'_> {
    fn body(&mut self, body: &FunctionBody<'_>, params: &[ValueType]) -> Result<Body, Error<Missing>> {
        let mut moved = Body::new(params);
        for locals in body.get_locals_reader()? {
            let (count, ty) = locals?;
            let ty = ValueType::from_parser(ty).ok_or(Error::UserError(Missing))?;
            (0..count).for_each(|_| _ = moved.local(ty));
        }
        let mut operators = body.get_operators_reader()?;
        let mut depth = 0u32;
        while !operators.eof() {
            let operator = operators.read()?;
            match operator {
                Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => depth += 1,
                // The function's own end is not a part of a draft's body.
                Operator::End if depth == 0 => break,
                Operator::End => depth -= 1,
                _ => {}
            }
            let instruction = self.instruction(operator)?;
            moved.i(instruction);
        }
        Ok(moved)
    }
}

impl Reencode for Moving<'_> {
    type Error = Missing;

    fn type_index(&mut self, ty: u32) -> Result<u32, Error<Missing>> {
        let ty = self.source.shape.types.get(ty as usize).ok_or(Error::UserError(Missing))?;
        Ok(self.draft.ty(&ty.params, &ty.results))
    }

    fn function_index(&mut self, func: u32) -> Result<u32, Error<Missing>> {
        if let Some(index) = self.funcs.get(&func) {
            return Ok(*index);
        }
        if func as usize >= self.source.shape.funcs.len() {
            return Err(Error::UserError(Missing));
        }
        let ty = self.source.shape.func_type(func);
        let stub = self.draft.declare(&ty.params, &ty.results);
        self.funcs.insert(func, stub);
        self.stubs.push(stub);
        Ok(stub)
    }

    fn global_index(&mut self, global: u32) -> Result<u32, Error<Missing>> {
        self.globals.get(global as usize).copied().ok_or(Error::UserError(Missing))
    }

    fn table_index(&mut self, _: u32) -> Result<u32, Error<Missing>> {
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::draft::tests::{assert_supported, assert_useful};
    use super::*;

    #[test]
    fn cases_are_functions_of_their_numbers_and_valid() {
        assert!(PROGRAMS.len() > 10, "{} programs can be cut", PROGRAMS.len());
        for number in 0..200 {
            let case = case(3, number);
            assert_supported(&case);
            assert_eq!(case, super::case(3, number));
        }
    }

    #[test]
    fn most_calls_return_and_nothing_diverges() {
        // Functions of programs get pointers that nobody made.
        assert_useful((0..60).map(|number| case(1, number)), 60);
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(Source::new(b"\0asm").is_none());
        assert!(Source::new(&[]).is_none());
    }
}
