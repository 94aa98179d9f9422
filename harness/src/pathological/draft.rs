//! A module under construction: what the generators of families have in common.

use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType,
    InstructionSink, MemArg, MemArgTarget, MemorySection, MemoryType, Module, RefType, TableSection, TableType,
    TypeSection, ValType,
};

/// So many times a type.
pub(super) fn times(count: u32, ty: ValType) -> Vec<ValType> {
    vec![ty; count as usize]
}

/// What a builder's method returns is the builder, which a closure has no use for.
pub(super) fn done<T>(_: T) {}

/// An access at this offset that need not be aligned.
pub(super) fn unaligned(offset: u64) -> MemArg {
    MemArg { offset, align: 0, target: MemArgTarget::Memory(0), ordering: None }
}

/// A module with one memory, one table of functions, a mutable global of each number type, and the functions that
/// are added.
#[derive(Debug, Default)]
pub(super) struct Draft {
    types: Vec<(Vec<ValType>, Vec<ValType>)>,
    functions: Vec<(u32, Function)>,
}

impl Draft {
    /// The index of a function type, which is added.
    pub(super) fn ty(&mut self, params: Vec<ValType>, results: Vec<ValType>) -> u32 {
        self.types.push((params, results));
        self.types.len() as u32 - 1
    }

    /// Adds a function of a type, with runs of locals; gives its index.
    pub(super) fn function(
        &mut self,
        ty: u32,
        locals: &[(u32, ValType)],
        body: impl FnOnce(&mut InstructionSink<'_>),
    ) -> u32 {
        let mut function = Function::new(locals.iter().copied());
        body(&mut function.instructions());
        function.instructions().end();
        self.functions.push((ty, function));
        self.functions.len() as u32 - 1
    }

    /// The module; it exports its last function.
    pub(super) fn finish(self) -> Vec<u8> {
        let mut types = TypeSection::new();
        for (params, results) in self.types {
            types.ty().function(params, results);
        }
        let (mut functions, mut code) = (FunctionSection::new(), CodeSection::new());
        for (ty, function) in &self.functions {
            functions.function(*ty);
            code.function(function);
        }
        let mut tables = TableSection::new();
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: 1,
            maximum: None,
            shared: false,
        });
        let mut memories = MemorySection::new();
        memories.memory(MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None });
        let mut globals = GlobalSection::new();
        for (val_type, init) in [
            (ValType::I32, ConstExpr::i32_const(0)),
            (ValType::I64, ConstExpr::i64_const(0)),
            (ValType::F32, ConstExpr::f32_const(0.0.into())),
            (ValType::F64, ConstExpr::f64_const(0.0.into())),
        ] {
            globals.global(GlobalType { val_type, mutable: true, shared: false }, &init);
        }
        let mut exports = ExportSection::new();
        exports.export("run", ExportKind::Func, self.functions.len() as u32 - 1);

        let mut module = Module::new();
        module.section(&types).section(&functions).section(&tables).section(&memories).section(&globals);
        module.section(&exports).section(&code);
        module.finish()
    }
}

/// A module of one function with these parameters and results, and runs of locals.
pub(super) fn function(
    params: Vec<ValType>,
    results: Vec<ValType>,
    locals: &[(u32, ValType)],
    body: impl FnOnce(&mut InstructionSink<'_>),
) -> Vec<u8> {
    let mut draft = Draft::default();
    let ty = draft.ty(params, results);
    draft.function(ty, locals, body);
    draft.finish()
}

/// A module of one function with four `i32` parameters and no result.
pub(super) fn plain(locals: &[(u32, ValType)], body: impl FnOnce(&mut InstructionSink<'_>)) -> Vec<u8> {
    function(times(4, ValType::I32), Vec::new(), locals, body)
}
