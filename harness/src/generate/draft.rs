//! A module under construction: what the generators of this folder have in common.
//!
//! Every function is exported, because a call is the only way to see what it does. Bodies are bytes
//! of operators with their locals beside them, so that a local can be added at any time.

use super::operators::{Access, LOADS, Operator, STORES};
use super::vectors::ACCESSES;
use crate::host::edge_value;
use crate::plan::{Case, NanMode, Plan, PlannedCall};
use crate::rng::Rng;
use crate::shape::Shape;
use crate::value::{FuncIdentity, Value, ValueType};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataCountSection, DataSection, ElementSection, Elements, Encode, EntityType,
    ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType, HeapType, ImportSection,
    Instruction, MemorySection, MemoryType, Module, RefType, TableSection, TableType, TypeSection,
};

/// The types of numbers.
pub const NUMBERS: [ValueType; 4] = [ValueType::I32, ValueType::I64, ValueType::F32, ValueType::F64];

/// The types of a function or of a block.
pub type Signature = (Vec<ValueType>, Vec<ValueType>);

/// A segment of functions or nulls: the table and the offset if it is active.
pub type Segment = (Option<(u32, u32)>, Vec<Option<u32>>);

/// A module under construction.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    types: Vec<Signature>,
    imports: Vec<u32>,
    funcs: Vec<(u32, Option<Body>)>,
    globals: Vec<Value>,
    /// The memory's limits in pages, if there is one.
    pub memory: Option<(u32, u32)>,
    /// Whether it is imported: another instance of the module may then have the same.
    pub memory_imported: bool,
    /// Whether the first table is imported.
    pub table_imported: bool,
    /// Tables: the type of the elements, and the limits.
    pub tables: Vec<(ValueType, u32, u32)>,
    /// Segments of function indices; active in a table at an offset, or passive.
    pub elements: Vec<Segment>,
    /// Segments of bytes; active at an address, or passive.
    pub data: Vec<(Option<u32>, Vec<u8>)>,
    /// Whether what is written into it may use vectors.
    pub vectors: bool,
}

impl Draft {
    /// The index of a type, which is added if it is not there.
    pub fn ty(&mut self, params: &[ValueType], results: &[ValueType]) -> u32 {
        let found = self.types.iter().position(|(p, r)| p == params && r == results);
        let index = found.unwrap_or_else(|| {
            self.types.push((params.to_vec(), results.to_vec()));
            self.types.len() - 1
        });
        index as u32
    }

    /// The type of a block with these parameters and results.
    pub fn block(&mut self, params: &[ValueType], results: &[ValueType]) -> BlockType {
        match (params, results) {
            ([], []) => BlockType::Empty,
            ([], [one]) => BlockType::Result(one.to_encoder()),
            _ => BlockType::FunctionType(self.ty(params, results)),
        }
    }

    /// Imports a function and returns its index.
    ///
    /// # Panics
    ///
    /// If a function was declared before: imports come first.
    pub fn import(&mut self, params: &[ValueType], results: &[ValueType]) -> u32 {
        assert!(self.funcs.is_empty(), "imports come before other functions");
        let ty = self.ty(params, results);
        self.imports.push(ty);
        self.imports.len() as u32 - 1
    }

    /// Declares a function whose body follows, and returns its index.
    pub fn declare(&mut self, params: &[ValueType], results: &[ValueType]) -> u32 {
        let ty = self.ty(params, results);
        self.funcs.push((ty, None));
        (self.imports.len() + self.funcs.len()) as u32 - 1
    }

    /// Gives a declared function its body.
    ///
    /// # Panics
    ///
    /// If there is no such function.
    pub fn define(&mut self, func: u32, body: Body) {
        self.funcs[func as usize - self.imports.len()].1 = Some(body);
    }

    /// Adds a function and returns its index.
    pub fn func(&mut self, results: &[ValueType], body: Body) -> u32 {
        let func = self.declare(&body.locals[..body.params], results);
        self.define(func, body);
        func
    }

    /// Adds a mutable global and returns its index.
    pub fn global(&mut self, value: Value) -> u32 {
        self.globals.push(value);
        self.globals.len() as u32 - 1
    }

    /// The types of the globals.
    pub fn globals(&self) -> impl ExactSizeIterator<Item = ValueType> + '_ {
        self.globals.iter().map(|value| value.ty())
    }

    /// How many functions are imported.
    pub fn imported(&self) -> u32 {
        self.imports.len() as u32
    }

    /// How many functions there are, imported ones included.
    pub fn func_count(&self) -> u32 {
        (self.imports.len() + self.funcs.len()) as u32
    }

    /// A function's parameters and results.
    ///
    /// # Panics
    ///
    /// If there is no such function.
    pub fn signature(&self, func: u32) -> &Signature {
        &self.types[self.type_of(func) as usize]
    }

    /// The index of a function's type.
    ///
    /// # Panics
    ///
    /// If there is no such function.
    pub fn type_of(&self, func: u32) -> u32 {
        let own = (func as usize).checked_sub(self.imports.len());
        own.map_or_else(|| self.imports[func as usize], |own| self.funcs[own].0)
    }

    /// The module's bytes. A function that was never defined traps.
    pub fn finish(&self) -> Vec<u8> {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        for (params, results) in &self.types {
            let encoder = |types: &[ValueType]| types.iter().map(|ty| ty.to_encoder()).collect::<Vec<_>>();
            types.ty().function(encoder(params), encoder(results));
        }
        module.section(&types);
        let memory = self.memory.filter(|_| self.memory_imported);
        let table = self.tables.first().filter(|_| self.table_imported);
        if !self.imports.is_empty() || memory.is_some() || table.is_some() {
            let mut imports = ImportSection::new();
            for (index, ty) in self.imports.iter().enumerate() {
                imports.import("host", &format!("h{index}"), EntityType::Function(*ty));
            }
            if let Some(limits) = memory {
                imports.import("host", "memory", memory_type(limits));
            }
            if let Some(table) = table {
                imports.import("host", "table", table_type(*table));
            }
            module.section(&imports);
        }
        let mut funcs = FunctionSection::new();
        self.funcs.iter().for_each(|(ty, _)| _ = funcs.function(*ty));
        module.section(&funcs);
        self.finish_state(&mut module);
        let mut exports = ExportSection::new();
        for func in self.imported()..self.func_count() {
            exports.export(&format!("f{func}"), ExportKind::Func, func);
        }
        module.section(&exports);
        self.finish_elements(&mut module);
        if !self.data.is_empty() {
            module.section(&DataCountSection { count: self.data.len() as u32 });
        }
        let mut code = CodeSection::new();
        for (_, body) in &self.funcs {
            code.function(&body.as_ref().map_or_else(undefined, Body::finish));
        }
        module.section(&code);
        if !self.data.is_empty() {
            let mut data = DataSection::new();
            for (address, bytes) in &self.data {
                match address {
                    Some(address) => {
                        data.active(0, &ConstExpr::i32_const(*address as i32), bytes.iter().copied());
                    }
                    None => {
                        data.passive(bytes.iter().copied());
                    }
                }
            }
            module.section(&data);
        }
        module.finish()
    }

    /// The module with a plan in which every function is called this many times with arguments at edges.
    ///
    /// # Panics
    ///
    /// Never: what is drafted parses.
    pub fn case(&self, rng: &mut Rng, times: usize) -> Case {
        let wasm = self.finish();
        let shape = Shape::parse(&wasm).expect("a draft is within Wasm 2.0");
        let mut plan = Plan::generated(&shape, NanMode::Rewritten, rng);
        plan.calls.clear();
        for _ in 0..times {
            for func in self.imported()..self.func_count() {
                let params = self.signature(func).0.iter();
                plan.calls.push(PlannedCall { func, args: params.map(|ty| edge_value(rng, *ty)).collect() });
            }
        }
        Case { wasm, plan }
    }

    fn finish_state(&self, module: &mut Module) {
        let own = &self.tables[usize::from(self.table_imported).min(self.tables.len())..];
        if !own.is_empty() {
            let mut tables = TableSection::new();
            own.iter().for_each(|table| _ = tables.table(table_type(*table)));
            module.section(&tables);
        }
        if let Some(limits) = self.memory.filter(|_| !self.memory_imported) {
            let mut memories = MemorySection::new();
            memories.memory(memory_type(limits));
            module.section(&memories);
        }
        if !self.globals.is_empty() {
            let mut globals = GlobalSection::new();
            for value in &self.globals {
                let ty = GlobalType { val_type: value.ty().to_encoder(), mutable: true, shared: false };
                globals.global(ty, &initial(*value));
            }
            module.section(&globals);
        }
    }

    fn finish_elements(&self, module: &mut Module) {
        let mut elements = ElementSection::new();
        for (place, funcs) in &self.elements {
            let items: Vec<ConstExpr> = funcs
                .iter()
                .map(|func| func.map_or_else(|| ConstExpr::ref_null(HeapType::FUNC), ConstExpr::ref_func))
                .collect();
            let items = Elements::Expressions(RefType::FUNCREF, items.into());
            match place {
                Some((table, offset)) => elements.active(Some(*table), &ConstExpr::i32_const(*offset as i32), items),
                None => elements.passive(items),
            };
        }
        // So that `ref.func` may name any function.
        let all: Vec<u32> = (0..self.func_count()).collect();
        elements.declared(Elements::Functions(all.into()));
        module.section(&elements);
    }
}

/// A body for a function that has none.
fn undefined() -> Function {
    let mut function = Function::new([]);
    function.instruction(&Instruction::Unreachable).instruction(&Instruction::End);
    function
}

/// The initial value of a global. Which function a reference names would need an index: it is null.
fn initial(value: Value) -> ConstExpr {
    match value {
        Value::I32(bits) => ConstExpr::i32_const(bits as i32),
        Value::I64(bits) => ConstExpr::i64_const(bits as i64),
        Value::F32(bits) => ConstExpr::f32_const(f32::from_bits(bits).into()),
        Value::F64(bits) => ConstExpr::f64_const(f64::from_bits(bits).into()),
        Value::V128(bits) => ConstExpr::v128_const(bits as i128),
        Value::FuncRef(_) => ConstExpr::ref_null(HeapType::FUNC),
        Value::ExternRef(_) => ConstExpr::ref_null(HeapType::EXTERN),
    }
}

/// A table with elements of this type and these limits.
fn table_type((element, min, max): (ValueType, u32, u32)) -> TableType {
    let (minimum, maximum) = (u64::from(min), Some(u64::from(max)));
    TableType { element_type: reference(element), table64: false, minimum, maximum, shared: false }
}

/// A memory with these limits in pages.
fn memory_type((min, max): (u32, u32)) -> MemoryType {
    let (minimum, maximum) = (u64::from(min), Some(u64::from(max)));
    MemoryType { minimum, maximum, memory64: false, shared: false, page_size_log2: None }
}

fn reference(ty: ValueType) -> RefType {
    if ty == ValueType::ExternRef { RefType::EXTERNREF } else { RefType::FUNCREF }
}

/// The body of a function, without its last `end`.
#[derive(Debug, Clone)]
pub struct Body {
    /// The types of parameters and locals.
    locals: Vec<ValueType>,
    params: usize,
    code: Vec<u8>,
}

impl Body {
    /// An empty body of a function with these parameters.
    pub fn new(params: &[ValueType]) -> Body {
        Body { locals: params.to_vec(), params: params.len(), code: Vec::new() }
    }

    /// The types of parameters and locals.
    pub fn locals(&self) -> &[ValueType] {
        &self.locals
    }

    /// The bytes of code so far.
    pub fn size(&self) -> usize {
        self.code.len()
    }

    /// Adds a local and returns its index.
    pub fn local(&mut self, ty: ValueType) -> u32 {
        self.locals.push(ty);
        self.locals.len() as u32 - 1
    }

    /// Appends an instruction.
    pub fn i(&mut self, instruction: Instruction<'_>) {
        instruction.encode(&mut self.code);
    }

    /// Appends an operator without immediates.
    pub fn op(&mut self, operator: Operator) {
        operator.encode(&mut self.code);
    }

    /// Pushes a constant. Only a null reference is one.
    pub fn constant(&mut self, value: Value) {
        self.i(match value {
            Value::I32(bits) => Instruction::I32Const(bits as i32),
            Value::I64(bits) => Instruction::I64Const(bits as i64),
            Value::F32(bits) => Instruction::F32Const(f32::from_bits(bits).into()),
            Value::F64(bits) => Instruction::F64Const(f64::from_bits(bits).into()),
            Value::V128(bits) => Instruction::V128Const(bits as i128),
            Value::FuncRef(FuncIdentity::Index(func)) => Instruction::RefFunc(func),
            Value::FuncRef(_) => Instruction::RefNull(HeapType::FUNC),
            Value::ExternRef(_) => Instruction::RefNull(HeapType::EXTERN),
        });
    }

    /// Pushes an `i32`.
    pub fn i32(&mut self, value: i32) {
        self.i(Instruction::I32Const(value));
    }

    /// Pushes a local.
    pub fn get(&mut self, local: u32) {
        self.i(Instruction::LocalGet(local));
    }

    /// Pops into a local.
    pub fn set(&mut self, local: u32) {
        self.i(Instruction::LocalSet(local));
    }

    /// Copies the top into a local.
    pub fn tee(&mut self, local: u32) {
        self.i(Instruction::LocalTee(local));
    }

    /// Appends a load or a store.
    pub fn access(&mut self, access: Access, offset: u64) {
        access.encode(offset, &mut self.code);
    }

    /// Appends an operator that is encoded already.
    pub fn encoded(&mut self, bytes: &[u8]) {
        self.code.extend_from_slice(bytes);
    }

    /// Loads a whole number or vector of this type at an address and an offset.
    pub fn load(&mut self, ty: ValueType, offset: u64) {
        match ty {
            ValueType::V128 => self.access(VECTOR_LOAD, offset),
            _ => self.access(LOADS[whole(ty)], offset),
        }
    }

    /// Stores a whole number or vector of this type at an address and an offset.
    pub fn store(&mut self, ty: ValueType, offset: u64) {
        match ty {
            ValueType::V128 => self.access(VECTOR_STORE, offset),
            _ => self.access(STORES[whole(ty)], offset),
        }
    }

    /// Turns the number on top into bits of an `i64`, for mixing.
    pub fn to_bits(&mut self, ty: ValueType) {
        match ty {
            ValueType::I32 => self.i(Instruction::I64ExtendI32U),
            ValueType::F32 => {
                self.i(Instruction::I32ReinterpretF32);
                self.i(Instruction::I64ExtendI32U);
            }
            ValueType::F64 => self.i(Instruction::I64ReinterpretF64),
            _ => {}
        }
    }

    /// Turns the `i64` on top into a number of a type.
    pub fn from_bits(&mut self, ty: ValueType) {
        match ty {
            ValueType::I32 => self.i(Instruction::I32WrapI64),
            ValueType::F32 => {
                self.i(Instruction::I32WrapI64);
                self.i(Instruction::F32ReinterpretI32);
            }
            ValueType::F64 => self.i(Instruction::F64ReinterpretI64),
            _ => {}
        }
    }

    fn finish(&self) -> Function {
        let mut runs: Vec<(u32, wasm_encoder::ValType)> = Vec::new();
        for ty in &self.locals[self.params..] {
            match runs.last_mut() {
                Some((count, last)) if *last == ty.to_encoder() => *count += 1,
                _ => runs.push((1, ty.to_encoder())),
            }
        }
        let mut function = Function::new(runs);
        function.raw(self.code.iter().copied());
        function.instruction(&Instruction::End);
        function
    }
}

/// The access of a whole vector.
const VECTOR_LOAD: Access = ACCESSES[0].0;
const VECTOR_STORE: Access = ACCESSES[ACCESSES.len() - 1].0;

/// Where [`LOADS`] and [`STORES`] have the access of all of a number.
fn whole(ty: ValueType) -> usize {
    NUMBERS.iter().position(|number| *number == ty).unwrap_or_default()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::compare;
    use crate::engines::by_name;
    use crate::plan::Case;

    /// Panics unless a module is within what the compiler supports.
    pub fn assert_supported(case: &Case) {
        if let Err(error) = super::super::supported(&case.wasm) {
            panic!("{error}\n{}", wasmprinter::print_bytes(&case.wasm).unwrap_or_default());
        }
    }

    /// Runs cases on the compiler and on Cranelift: no difference, and at least this many percent of the calls
    /// return.
    pub fn assert_useful(cases: impl Iterator<Item = Case>, percent: u64) {
        let (ours, oracle) = (by_name("lightbeam").expect("it exists"), by_name("cranelift").expect("it exists"));
        let (mut calls, mut returned, mut out) = (0, 0, 0);
        for (number, case) in cases.enumerate() {
            assert_supported(&case);
            let report = compare::run(&*ours, &*oracle, &case);
            let text = || wasmprinter::print_bytes(&case.wasm).unwrap_or_default();
            // An optimising oracle may report another of two equal traps.
            let found = report
                .divergence
                .as_ref()
                .filter(|found| !(found.what == compare::Observation::TrapPlace && report.plausible_place));
            assert_eq!(found, None, "case {number}: {}", text());
            assert_eq!(report.not_run, None, "case {number}: {}", text());
            (calls, returned, out) =
                (calls + report.calls + report.lost, returned + report.returned, out + report.out_of_fuel);
        }
        println!("{returned} of {calls} calls returned, {out} without fuel");
        assert!(calls > 0 && returned * 100 >= calls * percent, "{returned} of {calls} calls returned");
    }

    #[test]
    fn a_module_with_everything_is_valid() {
        let mut draft = Draft { memory: Some((1, 2)), ..Draft::default() };
        let host = draft.import(&[ValueType::I32], &[]);
        draft.tables.push((ValueType::FuncRef, 2, 4));
        draft.elements.push((Some((0, 1)), vec![Some(1)]));
        draft.elements.push((None, vec![None]));
        draft.data.push((Some(8), vec![1, 2]));
        draft.data.push((None, vec![3]));
        NUMBERS.iter().for_each(|ty| _ = draft.global(ty.zero()));
        let mut body = Body::new(&[ValueType::F64]);
        let local = body.local(ValueType::I32);
        body.i32(7);
        body.tee(local);
        body.i(Instruction::Call(host));
        body.get(0);
        let func = draft.func(&[ValueType::F64], body);
        assert_eq!((func, draft.signature(func).1.as_slice()), (1, [ValueType::F64].as_slice()));
        draft.declare(&[], &[ValueType::I32]);
        super::super::supported(&draft.finish()).expect("it is valid");
    }
}
