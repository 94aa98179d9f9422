//! The fuel pass: a module that would run for ever ends, at the same point on every engine.
//!
//! A global holds the remaining fuel. Function entries and loop heads take one from it, bulk
//! operations take a 64th of their length. The caller refills it before each call, so that no call
//! starves a later one. All functions, globals, memories and tables are exported under the names in
//! [`super::names`], so that no state can hide.
//!
//! What happens without fuel is the [`FuelMode`]. `Leave` keeps generated modules useful: their
//! loops are mostly endless, and a call that ends in a trap shows no results.

use super::names;
use super::nan::{self, Computed};
use crate::plan::NanMode;
use crate::shape::{FuncShape, Shape};
use crate::value::{FuncIdentity, Value, ValueType};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, Function, GlobalSection, HeapType, Instruction, MemorySection,
    Module, SectionId, TableSection,
};

/// Memories may grow to this many pages (if they do not begin larger), so that growth never
/// depends on the machine.
const MAX_PAGES: u64 = 1024;
/// Tables may grow to this many elements (if they do not begin larger).
const MAX_ELEMENTS: u64 = 100_000;

/// What happens when fuel has run out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FuelMode {
    /// The call traps as if by `unreachable`; the flag tells it from a real one.
    Trap,
    /// A loop is left with zeros as its results, a function returns zeros at its entry.
    Leave,
    /// There is no fuel: for calls that are known to end. Code is as its producer wrote it.
    Off,
}

/// Why a module cannot be rewritten.
#[derive(Debug, Error)]
pub enum RewriteError {
    /// The bytes cannot be parsed.
    #[error("cannot be parsed: {0}")]
    Malformed(String),
    /// An operator or declaration is beyond what the pass knows.
    #[error("cannot be rewritten: {0}")]
    Unsupported(String),
}

/// Adds fuel and exports to a module whose shape is known, and a canonicaliser behind each operator
/// that may compute a NaN, unless [`NanMode`] says that it is not needed there.
///
/// # Errors
///
/// If the bytes cannot be parsed or hold what the pass does not know.
pub fn instrument(wasm: &[u8], shape: &Shape, mode: FuelMode, nan: NanMode) -> Result<Vec<u8>, RewriteError> {
    let fuel = shape.globals.len() as u32;
    let mut pass = Pass {
        shape,
        mode,
        nan,
        scratch: 0,
        fuel,
        out: fuel + 1,
        length: fuel + 2,
        body: 0,
        globals: false,
        exports: false,
    };
    let mut module = Module::new();
    match pass.parse_core_module(&mut module, wasmparser::Parser::new(0), wasm) {
        Ok(()) => Ok(module.finish()),
        Err(reencode::Error::UserError(error)) => Err(error),
        Err(error) => Err(RewriteError::Malformed(error.to_string())),
    }
}

struct Pass<'a> {
    shape: &'a Shape,
    mode: FuelMode,
    /// Which computed NaNs are made canonical.
    nan: NanMode,
    /// Index of the current function's first local of ours: an `f32`, an `f64` after it,
    /// and a vector where one is made canonical.
    scratch: u32,
    /// Index of the global with the remaining fuel.
    fuel: u32,
    /// Index of the flag.
    out: u32,
    /// Index of a global that keeps a bulk operation's length for a moment.
    length: u32,
    /// The next body's number.
    body: u32,
    /// Whether the globals were added.
    globals: bool,
    /// Whether the exports were added.
    exports: bool,
}

type Result2<T> = Result<T, reencode::Error<RewriteError>>;

fn unsupported<T>(what: impl Into<String>) -> Result2<T> {
    Err(reencode::Error::UserError(RewriteError::Unsupported(what.into())))
}

/// A section's place in a module. Identifiers do not follow it.
fn order(section: SectionId) -> u8 {
    match section {
        SectionId::Custom => 0,
        SectionId::Type => 1,
        SectionId::Import => 2,
        SectionId::Function => 3,
        SectionId::Table => 4,
        SectionId::Memory => 5,
        SectionId::Tag => 6,
        SectionId::Global => 7,
        SectionId::Export => 8,
        SectionId::Start => 9,
        SectionId::Element => 10,
        SectionId::DataCount => 11,
        SectionId::Code => 12,
        SectionId::Data => 13,
    }
}

impl Reencode for Pass<'_> {
    type Error = RewriteError;

    fn intersperse_section_hook(
        &mut self,
        module: &mut Module,
        _after: Option<SectionId>,
        before: Option<SectionId>,
    ) -> Result2<()> {
        let next = before.map_or(u8::MAX, order);
        if next > order(SectionId::Global) && !self.globals {
            let mut globals = GlobalSection::new();
            self.add_globals(&mut globals);
            module.section(&globals);
        }
        if next > order(SectionId::Export) && !self.exports {
            let mut exports = ExportSection::new();
            self.add_exports(&mut exports);
            module.section(&exports);
        }
        Ok(())
    }

    /// Custom sections mean nothing to an engine.
    fn parse_custom_section(&mut self, _: &mut Module, _: wasmparser::CustomSectionReader<'_>) -> Result2<()> {
        Ok(())
    }

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: wasmparser::GlobalSectionReader<'_>,
    ) -> Result2<()> {
        reencode::utils::parse_global_section(self, globals, section)?;
        self.add_globals(globals);
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: wasmparser::ExportSectionReader<'_>,
    ) -> Result2<()> {
        for export in section.clone() {
            if export?.name.starts_with("lightbeam:") {
                return unsupported("the module has the pass's own exports");
            }
        }
        reencode::utils::parse_export_section(self, exports, section)?;
        self.add_exports(exports);
        Ok(())
    }

    fn parse_memory_section(
        &mut self,
        memories: &mut MemorySection,
        section: wasmparser::MemorySectionReader<'_>,
    ) -> Result2<()> {
        for memory in section {
            let mut ty = self.memory_type(memory?)?;
            ty.maximum = Some(clamp(ty.minimum, ty.maximum, MAX_PAGES));
            memories.memory(ty);
        }
        Ok(())
    }

    fn parse_table(&mut self, tables: &mut TableSection, table: wasmparser::Table<'_>) -> Result2<()> {
        let mut ty = self.table_type(table.ty)?;
        ty.maximum = Some(clamp(ty.minimum, ty.maximum, MAX_ELEMENTS));
        match table.init {
            wasmparser::TableInit::RefNull => tables.table(ty),
            wasmparser::TableInit::Expr(_) => return unsupported("tables with initial values"),
        };
        Ok(())
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: wasmparser::FunctionBody<'_>) -> Result2<()> {
        let index = self.shape.imported_funcs + self.body;
        self.body += 1;
        if index as usize >= self.shape.funcs.len() {
            return unsupported("more bodies than functions");
        }
        let ty = self.shape.func_type(index);
        let mut function = self.locals(&body, ty)?;
        self.entry(&mut function, ty);
        // One entry an open block: how many wrapper blocks are open at and outside it.
        let mut frames: Vec<Frame> = vec![Frame { wrappers: 0, wrapped: false }];
        let mut reader = body.get_operators_reader()?;
        while !reader.eof() {
            let operator = reader.read()?;
            self.operator(&mut function, &mut frames, operator)?;
        }
        code.function(&function);
        Ok(())
    }
}

/// An open block of the function being rewritten.
#[derive(Clone, Copy)]
struct Frame {
    /// Wrapper blocks around it, its own included.
    wrappers: u32,
    /// Whether a wrapper block of ours surrounds it.
    wrapped: bool,
}

impl Pass<'_> {
    fn add_globals(&mut self, globals: &mut GlobalSection) {
        self.globals = true;
        let ty = wasm_encoder::GlobalType { val_type: wasm_encoder::ValType::I32, mutable: true, shared: false };
        for _ in [self.fuel, self.out, self.length] {
            globals.global(ty, &ConstExpr::i32_const(0));
        }
    }

    fn add_exports(&mut self, exports: &mut ExportSection) {
        self.exports = true;
        for index in 0..self.shape.funcs.len() as u32 {
            exports.export(&names::func(index), ExportKind::Func, index);
        }
        for index in 0..self.shape.globals.len() as u32 {
            exports.export(&names::global(index), ExportKind::Global, index);
        }
        for index in 0..self.shape.memories.len() as u32 {
            exports.export(&names::memory(index), ExportKind::Memory, index);
        }
        for index in 0..self.shape.tables.len() as u32 {
            exports.export(&names::table(index), ExportKind::Table, index);
        }
        exports.export(names::FUEL, ExportKind::Global, self.fuel);
        exports.export(names::OUT, ExportKind::Global, self.out);
    }

    /// Takes one unit, or does `otherwise` within an open `if`.
    fn take_one(&self, f: &mut Function, otherwise: impl FnOnce(&mut Function)) {
        if self.mode == FuelMode::Off {
            return;
        }
        f.instruction(&Instruction::GlobalGet(self.fuel));
        f.instruction(&Instruction::I32Eqz);
        f.instruction(&Instruction::If(wasm_encoder::BlockType::Empty));
        f.instruction(&Instruction::I32Const(1));
        f.instruction(&Instruction::GlobalSet(self.out));
        otherwise(f);
        f.instruction(&Instruction::End);
        f.instruction(&Instruction::GlobalGet(self.fuel));
        f.instruction(&Instruction::I32Const(1));
        f.instruction(&Instruction::I32Sub);
        f.instruction(&Instruction::GlobalSet(self.fuel));
    }

    /// The function's own locals, and ours.
    fn locals(&mut self, body: &wasmparser::FunctionBody<'_>, ty: &FuncShape) -> Result2<Function> {
        let mut locals = Vec::new();
        let mut count = ty.params.len() as u64;
        for pair in body.get_locals_reader()? {
            let (number, ty) = pair?;
            count += u64::from(number);
            locals.push((number, self.val_type(ty)?));
        }
        if self.nan != NanMode::NoFloats {
            let Ok(scratch) = u32::try_from(count) else { return unsupported("too many locals") };
            self.scratch = scratch;
            locals.push((1, wasm_encoder::ValType::F32));
            locals.push((1, wasm_encoder::ValType::F64));
            // Only where it is used: not every engine has vectors.
            for operator in body.get_operators_reader()? {
                if self.computed(&operator?).is_some_and(Computed::is_vector) {
                    locals.push((1, wasm_encoder::ValType::V128));
                    break;
                }
            }
        }
        Ok(Function::new(locals))
    }

    /// What of an operator's result is made canonical.
    fn computed(&self, operator: &wasmparser::Operator<'_>) -> Option<Computed> {
        match self.nan {
            NanMode::Rewritten => nan::computed_float(operator),
            NanMode::Generated => nan::converted_float(operator),
            NanMode::NoFloats => None,
        }
    }

    fn entry(&self, f: &mut Function, ty: &FuncShape) {
        self.take_one(f, |f| match self.mode {
            FuelMode::Trap => {
                f.instruction(&Instruction::Unreachable);
            }
            FuelMode::Leave => {
                push_zeros(f, &ty.results);
                f.instruction(&Instruction::Return);
            }
            FuelMode::Off => {}
        });
    }

    fn operator(
        &mut self,
        f: &mut Function,
        frames: &mut Vec<Frame>,
        operator: wasmparser::Operator<'_>,
    ) -> Result2<()> {
        use wasmparser::Operator as Op;
        let wrappers = frames.last().map_or(0, |frame| frame.wrappers);
        match operator {
            Op::Block { .. } | Op::If { .. } => frames.push(Frame { wrappers, wrapped: false }),
            Op::Loop { blockty } => {
                let block = self.block_type(blockty)?;
                match self.mode {
                    FuelMode::Trap | FuelMode::Off => {
                        frames.push(Frame { wrappers, wrapped: false });
                        f.instruction(&Instruction::Loop(block));
                        self.take_one(f, |f| {
                            f.instruction(&Instruction::Unreachable);
                        });
                    }
                    FuelMode::Leave => {
                        let results = self.block_results(blockty)?;
                        frames.push(Frame { wrappers: wrappers + 1, wrapped: true });
                        f.instruction(&Instruction::Block(block));
                        f.instruction(&Instruction::Loop(block));
                        self.take_one(f, |f| {
                            push_zeros(f, &results);
                            f.instruction(&Instruction::Br(2));
                        });
                    }
                }
                return Ok(());
            }
            Op::End if frames.pop().is_some_and(|frame| frame.wrapped) => {
                f.instruction(&Instruction::End);
            }
            Op::Br { relative_depth } => {
                f.instruction(&Instruction::Br(depth(frames, relative_depth)?));
                return Ok(());
            }
            Op::BrIf { relative_depth } => {
                f.instruction(&Instruction::BrIf(depth(frames, relative_depth)?));
                return Ok(());
            }
            Op::BrTable { targets } => {
                let default = depth(frames, targets.default())?;
                let mut depths = Vec::with_capacity(targets.len() as usize);
                for target in targets.targets() {
                    depths.push(depth(frames, target?)?);
                }
                f.instruction(&Instruction::BrTable(depths.into(), default));
                return Ok(());
            }
            Op::MemoryFill { .. }
            | Op::MemoryCopy { .. }
            | Op::MemoryInit { .. }
            | Op::TableFill { .. }
            | Op::TableCopy { .. }
            | Op::TableInit { .. }
                if self.mode != FuelMode::Off =>
            {
                self.take_length(f);
            }
            Op::TryTable { .. }
            | Op::Try { .. }
            | Op::Delegate { .. }
            | Op::Rethrow { .. }
            | Op::BrOnNull { .. }
            | Op::BrOnNonNull { .. }
            | Op::BrOnCast { .. }
            | Op::BrOnCastFail { .. }
            | Op::Resume { .. }
            | Op::ResumeThrow { .. } => return unsupported(format!("{operator:?}")),
            _ => {}
        }
        let computed = self.computed(&operator);
        f.instruction(&self.instruction(operator)?);
        match computed {
            Some(Computed::F32) => Computed::F32.canonicalise(self.scratch, f),
            Some(Computed::F64) => Computed::F64.canonicalise(self.scratch + 1, f),
            Some(vector) => vector.canonicalise(self.scratch + 2, f),
            None => {}
        }
        Ok(())
    }

    /// Takes a 64th of the length on top of the stack, which stays there.
    fn take_length(&self, f: &mut Function) {
        use Instruction as I;
        let units = [I::GlobalGet(self.length), I::I32Const(6), I::I32ShrU];
        f.instruction(&I::GlobalSet(self.length));
        // When there is not enough: 1 is on the stack.
        f.instruction(&I::GlobalGet(self.fuel));
        units.iter().for_each(|unit| _ = f.instruction(unit));
        f.instruction(&I::I32LtU);
        f.instruction(&I::If(wasm_encoder::BlockType::Empty));
        match self.mode {
            FuelMode::Trap => {
                f.instruction(&I::I32Const(1));
                f.instruction(&I::GlobalSet(self.out));
                f.instruction(&I::Unreachable);
            }
            // The operation is bounded by the memory's or table's size anyway.
            FuelMode::Leave | FuelMode::Off => {
                f.instruction(&I::I32Const(0));
                f.instruction(&I::GlobalSet(self.fuel));
            }
        }
        f.instruction(&I::Else);
        f.instruction(&I::GlobalGet(self.fuel));
        units.iter().for_each(|unit| _ = f.instruction(unit));
        f.instruction(&I::I32Sub);
        f.instruction(&I::GlobalSet(self.fuel));
        f.instruction(&I::End);
        f.instruction(&I::GlobalGet(self.length));
    }

    fn block_results(&self, ty: wasmparser::BlockType) -> Result2<Vec<ValueType>> {
        Ok(match ty {
            wasmparser::BlockType::Empty => Vec::new(),
            wasmparser::BlockType::Type(ty) => match ValueType::from_parser(ty) {
                Some(ty) => vec![ty],
                None => return unsupported("typed references"),
            },
            wasmparser::BlockType::FuncType(index) => match self.shape.types.get(index as usize) {
                Some(ty) => ty.results.clone(),
                None => return unsupported("a block without a type"),
            },
        })
    }
}

/// A branch's depth once the wrapper blocks that it crosses are counted.
fn depth(frames: &[Frame], depth: u32) -> Result2<u32> {
    let (Some(target), Some(innermost)) = (frames.iter().rev().nth(depth as usize), frames.last()) else {
        return unsupported("a branch to nowhere");
    };
    Ok(depth + (innermost.wrappers - target.wrappers))
}

fn clamp(min: u64, max: Option<u64>, limit: u64) -> u64 {
    let limit = min.max(limit);
    max.map_or(limit, |max| max.min(limit))
}

/// Pushes zero or null of each type.
fn push_zeros(f: &mut Function, types: &[ValueType]) {
    for ty in types {
        f.instruction(&match ty.zero() {
            Value::I32(_) => Instruction::I32Const(0),
            Value::I64(_) => Instruction::I64Const(0),
            Value::F32(_) => Instruction::F32Const(0.0.into()),
            Value::F64(_) => Instruction::F64Const(0.0.into()),
            Value::V128(_) => Instruction::V128Const(0),
            Value::FuncRef(FuncIdentity::Null | FuncIdentity::Index(_) | FuncIdentity::Foreign) => {
                Instruction::RefNull(HeapType::FUNC)
            }
            Value::ExternRef(_) => Instruction::RefNull(HeapType::EXTERN),
        });
    }
}

/// The limits that the harness gives an imported memory.
pub fn memory_maximum(min: u64, max: Option<u64>) -> u64 {
    clamp(min, max, MAX_PAGES)
}

/// The limits that the harness gives an imported table.
pub fn table_maximum(min: u64, max: Option<u64>) -> u64 {
    clamp(min, max, MAX_ELEMENTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(wat: &str, mode: FuelMode) -> Vec<u8> {
        let wasm = wat::parse_str(wat).expect("the text is well-formed");
        let shape = Shape::parse(&wasm).expect("the shape is within Wasm 2.0");
        let wasm = instrument(&wasm, &shape, mode, NanMode::Rewritten).expect("the module can be rewritten");
        wasmparser::validate(&wasm).expect("the rewritten module is valid");
        wasm
    }

    const LOOPS: &str = r#"(module
        (memory 1) (table 2 funcref)
        (func (export "f") (param i32) (result i64)
            i64.const 1
            block (result i64)
                i64.const 3
                i64.const 7
                loop (param i64 i64) (result i64)
                    local.get 0
                    br_if 0
                    i64.add
                    loop
                        local.get 0
                        br_table 0 1 2 3 0
                    end
                    unreachable
                end
            end
            i64.add
            i32.const 0 i32.const 0 i32.const 9 memory.fill))"#;

    #[test]
    fn branches_still_fit_in_both_modes() {
        for mode in [FuelMode::Trap, FuelMode::Leave] {
            // `br_table` above mixes arities on purpose where it is invalid: keep it valid.
            let wat = LOOPS.replace("br_table 0 1 2 3 0", "br_if 0");
            rewritten(&wat, mode);
        }
    }

    #[test]
    fn a_module_without_globals_and_exports_gets_them() {
        let wasm = rewritten("(module (func) (data \"x\"))", FuelMode::Leave);
        let text = wasmprinter::print_bytes(&wasm).expect("printable");
        assert!(text.contains("lightbeam:fuel") && text.contains("lightbeam:f0"), "{text}");
    }

    #[test]
    fn rewriting_twice_is_refused() {
        let wasm = rewritten("(module (func))", FuelMode::Trap);
        let shape = Shape::parse(&wasm).expect("the shape is within Wasm 2.0");
        assert!(matches!(
            instrument(&wasm, &shape, FuelMode::Trap, NanMode::NoFloats),
            Err(RewriteError::Unsupported(_))
        ));
    }

    #[test]
    fn lanes_are_made_canonical() {
        let wat =
            "(module (func (param v128) (result v128) (f32x4.neg (f32x4.sqrt (f64x2.promote_low_f32x4 (local.get 0)))))
            (func (param v128) (result v128) (f32x4.pmin (local.get 0) (local.get 0))))";
        let wasm = wat::parse_str(wat).expect("the text is well-formed");
        let shape = Shape::parse(&wasm).expect("the shape is within Wasm 2.0");
        for (nan, expected) in [(NanMode::NoFloats, 0), (NanMode::Generated, 1), (NanMode::Rewritten, 2)] {
            let rewritten = instrument(&wasm, &shape, FuelMode::Trap, nan).expect("the module can be rewritten");
            wasmparser::validate(&rewritten).expect("the rewritten module is valid");
            let text = wasmprinter::print_bytes(&rewritten).expect("the module can be printed");
            assert_eq!(text.matches("bitselect").count(), expected, "{nan:?}: {text}");
            // One function has nothing to make canonical, and no local for it.
            assert_eq!(text.matches("f64 v128)").count(), expected.min(1), "{nan:?}: {text}");
        }
    }

    #[test]
    fn canonicalisers_stand_where_the_generator_put_none() {
        let wat = "(module (func (param f32 f64) (result f64)
            (f64.add (local.get 1) (f64.promote_f32 (local.get 0)))))";
        let wasm = wat::parse_str(wat).expect("the text is well-formed");
        let shape = Shape::parse(&wasm).expect("the shape is within Wasm 2.0");
        for (nan, expected) in [(NanMode::NoFloats, 0), (NanMode::Generated, 1), (NanMode::Rewritten, 2)] {
            let rewritten = instrument(&wasm, &shape, FuelMode::Trap, nan).expect("the module can be rewritten");
            wasmparser::validate(&rewritten).expect("the rewritten module is valid");
            let text = wasmprinter::print_bytes(&rewritten).expect("the module can be printed");
            assert_eq!(text.matches("select").count(), expected, "{nan:?}: {text}");
        }
    }
}
