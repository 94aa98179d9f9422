//! Leaves out parts of a module, and renumbers the rest.

use super::body::{constant_expression, encoded};
use crate::plan::{Case, PlannedCall};
use crate::value::{FuncIdentity, Value, ValueType};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, DataCountSection, DataSection, ElementSection, ExportSection, Function, FunctionSection,
    GlobalSection, ImportSection, Instruction, MemorySection, Module, StartSection, TableSection, TypeSection,
};
use wasmparser::{
    Data, DataKind, Element, ElementKind, Export, FunctionBody, Global, Import, Parser, Payload, TypeRef,
};

/// A module's parts.
#[derive(Clone, Default)]
pub(super) struct Parts<'a> {
    types: Vec<wasmparser::FuncType>,
    imports: Vec<Import<'a>>,
    /// The type of each defined function.
    funcs: Vec<u32>,
    tables: Vec<wasmparser::Table<'a>>,
    memories: Vec<wasmparser::MemoryType>,
    globals: Vec<Global<'a>>,
    /// What is exported.
    pub exports: Vec<Export<'a>>,
    /// The start function.
    pub start: Option<u32>,
    /// Element segments.
    pub elements: Vec<Element<'a>>,
    has_data_count: bool,
    bodies: Vec<FunctionBody<'a>>,
    /// Data segments.
    pub datas: Vec<Data<'a>>,
}

/// What stays of a module.
#[derive(Debug, Clone)]
pub(super) struct Keep {
    /// Types by index.
    types: Vec<bool>,
    /// Functions by index.
    funcs: Vec<bool>,
    /// Imported functions that become functions of the module, which return zeros.
    pub defined: Vec<bool>,
    tables: Vec<bool>,
    memories: Vec<bool>,
    globals: Vec<bool>,
    /// Element segments by index.
    pub elements: Vec<bool>,
    /// Data segments by index.
    pub datas: Vec<bool>,
    /// Exports in order.
    pub exports: Vec<bool>,
    /// The start function.
    pub start: bool,
}

/// Something that is referred to has been left out.
#[derive(Debug)]
struct Gone;

impl<'a> Parts<'a> {
    /// Reads a module. `None` if it is malformed or holds what Wasm 2.0 has not.
    pub fn read(wasm: &'a [u8]) -> Option<Parts<'a>> {
        let mut parts = Parts::default();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload.ok()? {
                Payload::TypeSection(section) => {
                    parts.types = section.into_iter_err_on_gc_types().collect::<Result<_, _>>().ok()?;
                }
                Payload::ImportSection(section) => {
                    parts.imports = section.into_imports().collect::<Result<_, _>>().ok()?;
                }
                Payload::FunctionSection(section) => {
                    parts.funcs = section.into_iter().collect::<Result<_, _>>().ok()?
                }
                Payload::TableSection(section) => parts.tables = section.into_iter().collect::<Result<_, _>>().ok()?,
                Payload::MemorySection(section) => {
                    parts.memories = section.into_iter().collect::<Result<_, _>>().ok()?;
                }
                Payload::GlobalSection(section) => {
                    parts.globals = section.into_iter().collect::<Result<_, _>>().ok()?
                }
                Payload::ExportSection(section) => {
                    parts.exports = section.into_iter().collect::<Result<_, _>>().ok()?
                }
                Payload::StartSection { func, .. } => parts.start = Some(func),
                Payload::ElementSection(section) => {
                    parts.elements = section.into_iter().collect::<Result<_, _>>().ok()?;
                }
                Payload::DataCountSection { .. } => parts.has_data_count = true,
                Payload::CodeSectionEntry(body) => parts.bodies.push(body),
                Payload::DataSection(section) => parts.datas = section.into_iter().collect::<Result<_, _>>().ok()?,
                Payload::TagSection(_) => return None,
                _ => {}
            }
        }
        (parts.funcs.len() == parts.bodies.len()).then_some(parts)
    }

    fn imported(&self, wanted: impl Fn(&TypeRef) -> bool) -> usize {
        self.imports.iter().filter(|import| wanted(&import.ty)).count()
    }

    /// How many functions are imported.
    pub fn imported_funcs(&self) -> usize {
        self.imported(|ty| matches!(ty, TypeRef::Func(_)))
    }

    /// All of it.
    pub fn all(&self) -> Keep {
        let imported = self.imported_funcs();
        let globals = self.imported(|ty| matches!(ty, TypeRef::Global(_))) + self.globals.len();
        let memories = self.imported(|ty| matches!(ty, TypeRef::Memory(_))) + self.memories.len();
        let tables = self.imported(|ty| matches!(ty, TypeRef::Table(_))) + self.tables.len();
        Keep {
            types: vec![true; self.types.len()],
            funcs: vec![true; imported + self.funcs.len()],
            defined: vec![false; imported],
            tables: vec![true; tables],
            memories: vec![true; memories],
            globals: vec![true; globals],
            elements: vec![true; self.elements.len()],
            datas: vec![true; self.datas.len()],
            exports: vec![true; self.exports.len()],
            start: true,
        }
    }

    /// Leaves out what nothing else that stays refers to, and no call of the plan.
    pub fn only_used(&self, calls: &[PlannedCall], mut keep: Keep) -> Option<Keep> {
        let mut uses = Uses::new(&keep);
        for call in calls {
            uses.function_index(call.func).ok()?;
            for arg in &call.args {
                if let Value::FuncRef(FuncIdentity::Index(index)) = arg {
                    uses.function_index(*index).ok()?;
                }
            }
        }
        if let (true, Some(start)) = (keep.start, self.start) {
            uses.function_index(start).ok()?;
        }
        for (export, _) in self.exports.iter().zip(&keep.exports).filter(|(_, keep)| **keep) {
            uses.external_index(export.kind, export.index).ok()?;
        }
        for (element, _) in self.elements.iter().zip(&keep.elements).filter(|(_, keep)| **keep) {
            uses.parse_element(&mut ElementSection::new(), element.clone()).ok()?;
        }
        for (data, _) in self.datas.iter().zip(&keep.datas).filter(|(_, keep)| **keep) {
            uses.parse_data(&mut DataSection::new(), data.clone()).ok()?;
        }
        let imported_funcs = keep.defined.len();
        let imported_globals = keep.globals.len() - self.globals.len();
        while let Some(item) = uses.waiting.pop() {
            match item {
                Item::Func(func) => {
                    uses.type_index(self.func_type(func as usize)?).ok()?;
                    if let Some(body) = (func as usize).checked_sub(imported_funcs) {
                        uses.parse_function_body(&mut CodeSection::new(), self.bodies[body].clone()).ok()?;
                    }
                }
                Item::Global(global) => {
                    if let Some(global) = (global as usize).checked_sub(imported_globals) {
                        uses.const_expr(self.globals[global].init_expr.clone()).ok()?;
                    }
                }
            }
        }
        // Segments that operators name stay; they were counted with all that they refer to if they were kept before.
        let and =
            |kept: &mut Vec<bool>, used: Vec<bool>| kept.iter_mut().zip(used).for_each(|(kept, used)| *kept &= used);
        and(&mut keep.types, uses.types);
        and(&mut keep.funcs, uses.funcs);
        and(&mut keep.tables, uses.tables);
        and(&mut keep.memories, uses.memories);
        and(&mut keep.globals, uses.globals);
        Some(keep)
    }

    /// The element segments that do nothing by themselves, and that no operator that stays names; likewise data.
    pub fn unnamed_segments(&self) -> (Vec<bool>, Vec<bool>) {
        let mut uses = Uses::new(&self.all());
        for body in &self.bodies {
            if uses.parse_function_body(&mut CodeSection::new(), body.clone()).is_err() {
                break;
            }
        }
        let idle = |element: &Element<'_>| !matches!(element.kind, ElementKind::Active { .. });
        let elements = self.elements.iter().zip(&uses.elements).map(|(element, used)| idle(element) && !used);
        let idle = |data: &Data<'_>| !matches!(data.kind, DataKind::Active { .. });
        let datas = self.datas.iter().zip(&uses.datas).map(|(data, used)| idle(data) && !used);
        (elements.collect(), datas.collect())
    }

    fn func_type(&self, func: usize) -> Option<u32> {
        let mut imported = self.imports.iter().filter_map(|import| match import.ty {
            TypeRef::Func(ty) => Some(ty),
            _ => None,
        });
        match func.checked_sub(self.imported_funcs()) {
            None => imported.nth(func),
            Some(defined) => self.funcs.get(defined).copied(),
        }
    }

    /// The case with only that. `None` if something that stays refers to something that goes.
    pub fn apply(&self, case: &Case, keep: &Keep) -> Option<Case> {
        let mut renumber = Renumber::new(keep);
        let wasm = self.module(keep, &mut renumber).ok()?;
        let mut plan = case.plan.clone();
        for call in &mut plan.calls {
            call.func = renumber.function_index(call.func).ok()?;
            for arg in &mut call.args {
                if let Value::FuncRef(FuncIdentity::Index(index)) = arg {
                    *index = renumber.function_index(*index).ok()?;
                }
            }
        }
        Some(Case { wasm, plan })
    }

    fn module(&self, keep: &Keep, to: &mut Renumber) -> Result<Vec<u8>, Error<Gone>> {
        let mut types = TypeSection::new();
        for (ty, _) in self.types.iter().zip(&keep.types).filter(|(_, keep)| **keep) {
            types.ty().func_type(&to.func_type(ty.clone())?);
        }
        let (mut imports, mut funcs, mut code) = (ImportSection::new(), FunctionSection::new(), CodeSection::new());
        let (mut func, mut table, mut memory, mut global) = (0, 0, 0, 0);
        let next = |index: &mut usize, keep: &[bool]| {
            *index += 1;
            keep[*index - 1]
        };
        for import in &self.imports {
            let stays = match import.ty {
                TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                    let stays = next(&mut func, &keep.funcs);
                    let defined = keep.defined[func - 1];
                    if stays && defined {
                        funcs.function(to.type_index(ty)?);
                        code.function(&zeros(&self.types[ty as usize]).ok_or(Error::UserError(Gone))?);
                    }
                    stays && !defined
                }
                TypeRef::Table(_) => next(&mut table, &keep.tables),
                TypeRef::Memory(_) => next(&mut memory, &keep.memories),
                TypeRef::Global(_) => next(&mut global, &keep.globals),
                TypeRef::Tag(_) => false,
            };
            if stays {
                imports.import(import.module, import.name, to.entity_type(import.ty)?);
            }
        }
        for (ty, body) in self.funcs.iter().zip(&self.bodies) {
            if next(&mut func, &keep.funcs) {
                funcs.function(to.type_index(*ty)?);
                to.parse_function_body(&mut code, body.clone())?;
            }
        }
        let (mut tables, mut memories, mut globals) = (TableSection::new(), MemorySection::new(), GlobalSection::new());
        for item in &self.tables {
            if next(&mut table, &keep.tables) {
                to.parse_table(&mut tables, item.clone())?;
            }
        }
        for item in &self.memories {
            if next(&mut memory, &keep.memories) {
                memories.memory(to.memory_type(*item)?);
            }
        }
        for item in &self.globals {
            if next(&mut global, &keep.globals) {
                to.parse_global(&mut globals, item.clone())?;
            }
        }
        let mut exports = ExportSection::new();
        for (export, _) in self.exports.iter().zip(&keep.exports).filter(|(_, keep)| **keep) {
            to.parse_export(&mut exports, *export)?;
        }
        let (mut elements, mut datas) = (ElementSection::new(), DataSection::new());
        for (element, _) in self.elements.iter().zip(&keep.elements).filter(|(_, keep)| **keep) {
            to.parse_element(&mut elements, element.clone())?;
        }
        for (data, _) in self.datas.iter().zip(&keep.datas).filter(|(_, keep)| **keep) {
            to.parse_data(&mut datas, data.clone())?;
        }
        let mut module = Module::new();
        let count = |kept: &[bool]| kept.iter().any(|kept| *kept);
        if !types.is_empty() {
            module.section(&types);
        }
        if !imports.is_empty() {
            module.section(&imports);
        }
        if !funcs.is_empty() {
            module.section(&funcs);
        }
        if !tables.is_empty() {
            module.section(&tables);
        }
        if !memories.is_empty() {
            module.section(&memories);
        }
        if !globals.is_empty() {
            module.section(&globals);
        }
        if count(&keep.exports) {
            module.section(&exports);
        }
        if let (true, Some(start)) = (keep.start, self.start) {
            module.section(&StartSection { function_index: to.function_index(start)? });
        }
        if !elements.is_empty() {
            module.section(&elements);
        }
        if self.has_data_count {
            module.section(&DataCountSection { count: datas.len() });
        }
        if !code.is_empty() {
            module.section(&code);
        }
        if !datas.is_empty() {
            module.section(&datas);
        }
        Ok(module.finish())
    }
}

/// A function that returns zeros.
fn zeros(ty: &wasmparser::FuncType) -> Option<Function> {
    let mut function = Function::new([]);
    for result in ty.results() {
        let zero = constant_expression(ValueType::from_parser(*result)?);
        let mut bytes = Vec::new();
        wasm_encoder::Encode::encode(&zero, &mut bytes);
        // A constant expression has an `end` of its own.
        bytes.pop();
        function.raw(bytes);
    }
    function.raw(encoded(&Instruction::End));
    Some(function)
}

/// New indices by old ones.
struct Renumber {
    types: Vec<Option<u32>>,
    funcs: Vec<Option<u32>>,
    tables: Vec<Option<u32>>,
    memories: Vec<Option<u32>>,
    globals: Vec<Option<u32>>,
    elements: Vec<Option<u32>>,
    datas: Vec<Option<u32>>,
}

impl Renumber {
    fn new(keep: &Keep) -> Renumber {
        let numbers = |keep: &[bool]| {
            let mut next = 0;
            let number = |keep: &bool| {
                next += u32::from(*keep);
                keep.then(|| next - 1)
            };
            keep.iter().map(number).collect::<Vec<_>>()
        };
        // Imported functions that become defined come behind the ones that stay imported.
        let defined = |func: usize| keep.defined.get(func).copied().unwrap_or(false);
        let mut funcs = vec![None; keep.funcs.len()];
        let mut next = 0;
        let imported = (0..keep.defined.len()).filter(|func| !defined(*func));
        let rest = (0..keep.funcs.len()).filter(|func| defined(*func) || *func >= keep.defined.len());
        for func in imported.chain(rest) {
            if keep.funcs[func] {
                funcs[func] = Some(next);
                next += 1;
            }
        }
        Renumber {
            types: numbers(&keep.types),
            funcs,
            tables: numbers(&keep.tables),
            memories: numbers(&keep.memories),
            globals: numbers(&keep.globals),
            elements: numbers(&keep.elements),
            datas: numbers(&keep.datas),
        }
    }
}

fn number(of: &[Option<u32>], index: u32) -> Result<u32, Error<Gone>> {
    of.get(index as usize).copied().flatten().ok_or(Error::UserError(Gone))
}

impl Reencode for Renumber {
    type Error = Gone;

    fn type_index(&mut self, index: u32) -> Result<u32, Error<Gone>> {
        number(&self.types, index)
    }
    fn function_index(&mut self, index: u32) -> Result<u32, Error<Gone>> {
        number(&self.funcs, index)
    }
    fn table_index(&mut self, index: u32) -> Result<u32, Error<Gone>> {
        number(&self.tables, index)
    }
    fn memory_index(&mut self, index: u32) -> Result<u32, Error<Gone>> {
        number(&self.memories, index)
    }
    fn global_index(&mut self, index: u32) -> Result<u32, Error<Gone>> {
        number(&self.globals, index)
    }
    fn element_index(&mut self, index: u32) -> Result<u32, Error<Gone>> {
        number(&self.elements, index)
    }
    fn data_index(&mut self, index: u32) -> Result<u32, Error<Gone>> {
        number(&self.datas, index)
    }
}

/// Something with references of its own.
#[derive(Debug, Clone, Copy)]
enum Item {
    Func(u32),
    Global(u32),
}

/// What is referred to.
struct Uses {
    types: Vec<bool>,
    funcs: Vec<bool>,
    tables: Vec<bool>,
    memories: Vec<bool>,
    globals: Vec<bool>,
    elements: Vec<bool>,
    datas: Vec<bool>,
    /// What was found and not yet looked into.
    waiting: Vec<Item>,
}

impl Uses {
    fn new(keep: &Keep) -> Uses {
        Uses {
            types: vec![false; keep.types.len()],
            funcs: vec![false; keep.funcs.len()],
            tables: vec![false; keep.tables.len()],
            memories: vec![false; keep.memories.len()],
            globals: vec![false; keep.globals.len()],
            elements: vec![false; keep.elements.len()],
            datas: vec![false; keep.datas.len()],
            waiting: Vec::new(),
        }
    }
}

/// Marks it, and says whether it was not yet.
fn mark(used: &mut [bool], index: u32) -> Result<bool, Error<Gone>> {
    let used = used.get_mut(index as usize).ok_or(Error::UserError(Gone))?;
    Ok(!std::mem::replace(used, true))
}

impl Reencode for Uses {
    type Error = Gone;

    fn type_index(&mut self, index: u32) -> Result<u32, Error<Gone>> {
        mark(&mut self.types, index).map(|_| index)
    }
    fn function_index(&mut self, index: u32) -> Result<u32, Error<Gone>> {
        if mark(&mut self.funcs, index)? {
            self.waiting.push(Item::Func(index));
        }
        Ok(index)
    }
    fn table_index(&mut self, index: u32) -> Result<u32, Error<Gone>> {
        mark(&mut self.tables, index).map(|_| index)
    }
    fn memory_index(&mut self, index: u32) -> Result<u32, Error<Gone>> {
        mark(&mut self.memories, index).map(|_| index)
    }
    fn global_index(&mut self, index: u32) -> Result<u32, Error<Gone>> {
        if mark(&mut self.globals, index)? {
            self.waiting.push(Item::Global(index));
        }
        Ok(index)
    }
    fn element_index(&mut self, index: u32) -> Result<u32, Error<Gone>> {
        mark(&mut self.elements, index).map(|_| index)
    }
    fn data_index(&mut self, index: u32) -> Result<u32, Error<Gone>> {
        mark(&mut self.datas, index).map(|_| index)
    }
}
