//! Many small things in one module: functions, types, imports, exports, globals, segments.

use super::Family;
use super::draft::{Draft, done, times};
use wasm_encoder::ValType::{F32, F64, I32, I64};
use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataSection, ElementSection, Elements, EntityType, ExportKind,
    ExportSection, Function, FunctionSection, GlobalSection, GlobalType, ImportSection, MemorySection, MemoryType,
    Module, RefType, TableSection, TableType, TypeSection, ValType,
};

const I32_GLOBAL: GlobalType = GlobalType { val_type: I32, mutable: false, shared: false };
const MEMORY: MemoryType =
    MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None };
const TABLE: TableType =
    TableType { element_type: RefType::FUNCREF, table64: false, minimum: 1, maximum: None, shared: false };

/// The function types: the empty one.
fn empty_type() -> TypeSection {
    let mut types = TypeSection::new();
    types.ty().function([], []);
    types
}

/// A type that only this number has.
fn distinct_type(mut number: u32) -> Vec<ValType> {
    let mut params = Vec::new();
    while number > 0 {
        params.push([I32, I64, F32, F64][number as usize % 4]);
        number /= 4;
    }
    params
}

/// The functions of a module: one that does nothing.
fn one_function() -> (FunctionSection, CodeSection) {
    let (mut functions, mut code) = (FunctionSection::new(), CodeSection::new());
    functions.function(0);
    let mut function = Function::new([]);
    function.instructions().end();
    code.function(&function);
    (functions, code)
}

/// The families of this kind.
pub(super) const FAMILIES: &[Family] = &[
    Family::new("empty-functions", "functions of the fewest bytes", 1000, |n| {
        let mut draft = Draft::default();
        let ty = draft.ty(Vec::new(), Vec::new());
        (0..n).for_each(|_| done(draft.function(ty, &[], |_| {})));
        draft.finish()
    }),
    Family::new("small-functions", "functions with a frame, a loop and a trap each", 200, |n| {
        let mut draft = Draft::default();
        let ty = draft.ty(times(2, I32), times(1, I32));
        for index in 0..n {
            draft.function(ty, &[], |f| {
                f.loop_(wasm_encoder::BlockType::Empty).local_get(0).local_get(1).i32_rem_u().local_tee(0).br_if(0);
                f.end().local_get(0).local_get(1).call(index);
            });
        }
        draft.finish()
    }),
    Family::new("types", "distinct function types", 800, |n| {
        let mut draft = Draft::default();
        (0..n).for_each(|number| done(draft.ty(distinct_type(number), distinct_type(number / 3))));
        let ty = draft.ty(Vec::new(), Vec::new());
        draft.function(ty, &[], |_| {});
        draft.finish()
    }),
    Family::new("imports", "imported functions and globals", 500, |n| {
        let mut imports = ImportSection::new();
        for index in 0..n {
            imports.import("m", &format!("f{index}"), EntityType::Function(0));
            imports.import("m", &format!("g{index}"), EntityType::Global(I32_GLOBAL));
        }
        let (_, code) = one_function();
        let mut functions = FunctionSection::new();
        functions.function(0);
        let mut module = Module::new();
        module.section(&empty_type()).section(&imports).section(&functions).section(&code);
        module.finish()
    }),
    Family::new("exports", "exports of one function under many names", 800, |n| {
        let (functions, code) = one_function();
        let mut exports = ExportSection::new();
        (0..n).for_each(|index| done(exports.export(&format!("e{index}"), ExportKind::Func, 0)));
        let mut module = Module::new();
        module.section(&empty_type()).section(&functions).section(&exports).section(&code);
        module.finish()
    }),
    Family::new("globals", "globals, each with its constant expression", 800, |n| {
        let mut globals = GlobalSection::new();
        (0..n).for_each(|index| done(globals.global(I32_GLOBAL, &ConstExpr::i32_const(index as i32))));
        let mut module = Module::new();
        module.section(&globals);
        module.finish()
    }),
    Family::new("elements", "one segment with many functions", 1000, |n| {
        let (functions, code) = one_function();
        let (mut tables, mut elements) = (TableSection::new(), ElementSection::new());
        tables.table(TABLE);
        elements.active(None, &ConstExpr::i32_const(0), Elements::Functions(vec![0; n as usize].into()));
        let mut module = Module::new();
        module.section(&empty_type()).section(&functions).section(&tables).section(&elements).section(&code);
        module.finish()
    }),
    Family::new("element-segments", "many segments of expressions", 600, |n| {
        let (functions, code) = one_function();
        let (mut tables, mut elements) = (TableSection::new(), ElementSection::new());
        tables.table(TABLE);
        for _ in 0..n {
            let items = vec![ConstExpr::ref_func(0), ConstExpr::ref_null(wasm_encoder::HeapType::FUNC)];
            elements.passive(Elements::Expressions(RefType::FUNCREF, items.into()));
        }
        let mut module = Module::new();
        module.section(&empty_type()).section(&functions).section(&tables).section(&elements).section(&code);
        module.finish()
    }),
    Family::new("data-segments", "many segments of a few bytes", 800, |n| {
        let (mut memories, mut data) = (MemorySection::new(), DataSection::new());
        memories.memory(MEMORY);
        (0..n).for_each(|index| done(data.active(0, &ConstExpr::i32_const(index as i32), [1, 2, 3])));
        let mut module = Module::new();
        module.section(&memories).section(&data);
        module.finish()
    }),
    Family::new("custom-sections", "sections that mean nothing to a compiler", 800, |n| {
        let mut module = Module::new();
        (0..n).for_each(|_| done(module.section(&CustomSection { name: "x".into(), data: b"y".as_slice().into() })));
        module.finish()
    }),
];
