//! A change of a module: other bodies for some functions, and other types.

use crate::rewrite::bodies::rebuild;
use crate::rewrite::fuel::RewriteError;
use crate::shape::{FuncShape, Shape};
use crate::value::ValueType;
use std::collections::HashMap;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{EntityType, Function, FunctionSection, ImportSection, Module, TypeSection};
use wasmparser::{Payload, TypeRef};

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
        let mut func = 0;
        let mut retyped = |ty: u32| {
            func += 1;
            self.funcs.get(&(func - 1)).copied().unwrap_or(ty)
        };
        let section = |module: &mut Module, payload: Payload<'_>| {
            match payload {
                Payload::TypeSection(_) => _ = module.section(&self.type_section()),
                Payload::ImportSection(section) => {
                    let mut imports = ImportSection::new();
                    for import in section.into_imports() {
                        let import = import?;
                        let ty = match import.ty {
                            TypeRef::Func(ty) => EntityType::Function(retyped(ty)),
                            other => RoundtripReencoder
                                .entity_type(other)
                                .map_err(|error| RewriteError::Unsupported(error.to_string()))?,
                        };
                        imports.import(import.module, import.name, ty);
                    }
                    module.section(&imports);
                }
                Payload::FunctionSection(section) => {
                    let mut funcs = FunctionSection::new();
                    for ty in section {
                        funcs.function(retyped(ty?));
                    }
                    module.section(&funcs);
                }
                _ => return Ok(false),
            }
            Ok(true)
        };
        rebuild(wasm, section, |body, _| Ok(self.bodies.get(&body).map(|(locals, ops)| encoded(locals, ops)))).ok()
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

/// A body's bytes.
pub(super) fn encoded(locals: &[ValueType], operators: &[u8]) -> Vec<u8> {
    let mut function = Function::new_with_locals_types(locals.iter().map(|ty| ty.to_encoder()));
    function.raw(operators.iter().copied());
    function.into_raw_body()
}
