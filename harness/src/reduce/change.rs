//! A change of a module: other bodies for some functions, and other types.

use crate::shape::{FuncShape, Shape};
use crate::value::ValueType;
use std::collections::HashMap;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{
    CodeSection, EntityType, Function, FunctionSection, ImportSection, Module, RawSection, TypeSection,
};
use wasmparser::{Parser, Payload, TypeRef};

/// The types of a module, to which others come.
#[derive(Debug, Clone)]
pub(super) struct Types {
    types: Vec<FuncShape>,
}

impl Types {
    /// Those of a module.
    pub fn of(shape: &Shape) -> Types {
        Types { types: shape.types.clone() }
    }

    /// The index of a type, which is added if it is not there.
    pub fn index(&mut self, params: &[ValueType], results: &[ValueType]) -> u32 {
        let same = |ty: &FuncShape| ty.params == params && ty.results == results;
        let index = self.types.iter().position(same).unwrap_or_else(|| {
            self.types.push(FuncShape { params: params.to_vec(), results: results.to_vec() });
            self.types.len() - 1
        });
        index as u32
    }
}

/// What becomes other.
#[derive(Debug, Clone)]
pub(super) struct Change {
    /// All types, of which the first are the module's own.
    pub types: Types,
    /// The types of functions that get another one, by index.
    pub funcs: HashMap<u32, u32>,
    /// The locals and the operators of functions that get another body, by number among the defined ones.
    pub bodies: HashMap<u32, (Vec<ValueType>, Vec<u8>)>,
}

impl Change {
    /// Nothing.
    pub fn of(shape: &Shape) -> Change {
        Change { types: Types::of(shape), funcs: HashMap::new(), bodies: HashMap::new() }
    }

    /// The changed module. `None` if it cannot be parsed.
    pub fn apply(&self, wasm: &[u8]) -> Option<Vec<u8>> {
        let mut module = Module::new();
        let mut code = CodeSection::new();
        let (mut func, mut body, mut bodies) = (0, 0, 0);
        let mut retyped = |ty: u32| {
            func += 1;
            self.funcs.get(&(func - 1)).copied().unwrap_or(ty)
        };
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload.ok()?;
            let section = payload.as_section();
            match payload {
                Payload::TypeSection(_) => _ = module.section(&self.type_section()),
                Payload::ImportSection(section) => {
                    let mut imports = ImportSection::new();
                    for import in section.into_imports() {
                        let import = import.ok()?;
                        let ty = match import.ty {
                            TypeRef::Func(ty) => EntityType::Function(retyped(ty)),
                            other => RoundtripReencoder.entity_type(other).ok()?,
                        };
                        imports.import(import.module, import.name, ty);
                    }
                    module.section(&imports);
                }
                Payload::FunctionSection(section) => {
                    let mut funcs = FunctionSection::new();
                    for ty in section {
                        funcs.function(retyped(ty.ok()?));
                    }
                    module.section(&funcs);
                }
                Payload::CodeSectionStart { count, .. } => {
                    bodies = count;
                    if bodies == 0 {
                        module.section(&code);
                    }
                }
                Payload::CodeSectionEntry(old) => {
                    match self.bodies.get(&body) {
                        Some((locals, operators)) => {
                            let locals = locals.iter().map(|ty| ty.to_encoder());
                            let mut function = Function::new_with_locals_types(locals);
                            function.raw(operators.iter().copied());
                            code.function(&function);
                        }
                        None => _ = code.raw(&wasm[old.range().start as usize..old.range().end as usize]),
                    }
                    body += 1;
                    if body == bodies {
                        module.section(&code);
                    }
                }
                _ => {
                    if let Some((id, range)) = section {
                        module.section(&RawSection { id, data: &wasm[range.start as usize..range.end as usize] });
                    }
                }
            }
        }
        Some(module.finish())
    }

    fn type_section(&self) -> TypeSection {
        let mut section = TypeSection::new();
        let encoded = |types: &[ValueType]| types.iter().map(|ty| ty.to_encoder()).collect::<Vec<_>>();
        for ty in &self.types.types {
            section.ty().function(encoded(&ty.params), encoded(&ty.results));
        }
        section
    }
}
