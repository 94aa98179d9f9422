//! What a module declares, as far as a comparison needs it: types, imports, index spaces, exports.

use crate::value::ValueType;
use thiserror::Error;
use wasmparser::{ExternalKind, Parser, Payload, TypeRef};

/// A function's parameters and results.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FuncShape {
    /// Parameter types.
    pub params: Vec<ValueType>,
    /// Result types.
    pub results: Vec<ValueType>,
}

/// A global's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GlobalShape {
    /// The type of its value.
    pub ty: ValueType,
    /// Whether it can be written.
    pub mutable: bool,
}

/// A memory's limits in pages of 64 KiB, or a table's in elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitsShape {
    /// The size at creation.
    pub min: u64,
    /// The size it may grow to, if the module says so.
    pub max: Option<u64>,
}

/// A table's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableShape {
    /// The type of its elements.
    pub element: ValueType,
    /// Its size.
    pub limits: LimitsShape,
}

/// What an import asks for, with its index in the index space of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportShape {
    /// A function.
    Func(u32),
    /// A table.
    Table(u32),
    /// A memory.
    Memory(u32),
    /// A global.
    Global(u32),
}

/// An import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The first name.
    pub module: String,
    /// The second name.
    pub name: String,
    /// What is asked for.
    pub kind: ImportShape,
}

/// A module's declarations. Index spaces start with what is imported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shape {
    /// Function types by index.
    pub types: Vec<FuncShape>,
    /// Imports in order.
    pub imports: Vec<Import>,
    /// The type index of each function.
    pub funcs: Vec<u32>,
    /// How many of `funcs` are imported.
    pub imported_funcs: u32,
    /// Tables.
    pub tables: Vec<TableShape>,
    /// How many of `tables` are imported.
    pub imported_tables: u32,
    /// Memories.
    pub memories: Vec<LimitsShape>,
    /// How many of `memories` are imported.
    pub imported_memories: u32,
    /// Globals.
    pub globals: Vec<GlobalShape>,
    /// How many of `globals` are imported.
    pub imported_globals: u32,
    /// The exported functions: name and index.
    pub exported_funcs: Vec<(String, u32)>,
    /// Whether there is a start function.
    pub has_start: bool,
    /// How many function bodies there are.
    pub bodies: u32,
}

/// Why a module's shape cannot be told.
#[derive(Debug, Clone, Error)]
pub enum ShapeError {
    /// The bytes cannot be parsed.
    #[error("cannot be parsed: {0}")]
    Malformed(String),
    /// A declaration is beyond Wasm 2.0.
    #[error("beyond Wasm 2.0: {0}")]
    Unsupported(&'static str),
}

impl From<wasmparser::Error> for ShapeError {
    fn from(error: wasmparser::Error) -> Self {
        ShapeError::Malformed(error.to_string())
    }
}

impl Shape {
    /// Reads the declarations of a module. Nothing is validated but what is needed to read them.
    ///
    /// # Errors
    ///
    /// If the bytes cannot be parsed, or if a type is beyond Wasm 2.0.
    pub fn parse(wasm: &[u8]) -> Result<Shape, ShapeError> {
        let mut shape = Shape::default();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::Version { encoding: wasmparser::Encoding::Component, .. } => {
                    return Err(ShapeError::Unsupported("components"));
                }
                Payload::TypeSection(section) => {
                    for ty in section.into_iter_err_on_gc_types() {
                        shape.types.push(func_shape(&ty?)?);
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        shape.import(import?)?;
                    }
                }
                Payload::FunctionSection(section) => {
                    for ty in section {
                        shape.push_func(ty?)?;
                    }
                }
                Payload::TableSection(section) => {
                    for table in section {
                        shape.tables.push(table_shape(table?.ty)?);
                    }
                }
                Payload::MemorySection(section) => {
                    for memory in section {
                        shape.memories.push(memory_shape(memory?)?);
                    }
                }
                Payload::GlobalSection(section) => {
                    for global in section {
                        shape.globals.push(global_shape(global?.ty)?);
                    }
                }
                Payload::TagSection(_) => return Err(ShapeError::Unsupported("tags")),
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        if export.kind == ExternalKind::Func {
                            shape.exported_funcs.push((export.name.to_string(), export.index));
                        }
                    }
                }
                Payload::StartSection { .. } => shape.has_start = true,
                Payload::CodeSectionStart { count, .. } => shape.bodies = count,
                _ => {}
            }
        }
        if shape.funcs.len() != (shape.imported_funcs as usize + shape.bodies as usize) {
            return Err(ShapeError::Malformed("functions and bodies differ in number".to_string()));
        }
        if shape.exported_funcs.iter().any(|(_, index)| *index as usize >= shape.funcs.len()) {
            return Err(ShapeError::Malformed("an export names no function".to_string()));
        }
        Ok(shape)
    }

    /// The type of a function.
    ///
    /// # Panics
    ///
    /// If there is no such function.
    pub fn func_type(&self, func: u32) -> &FuncShape {
        &self.types[self.funcs[func as usize] as usize]
    }

    fn push_func(&mut self, ty: u32) -> Result<(), ShapeError> {
        if ty as usize >= self.types.len() {
            return Err(ShapeError::Malformed("a function has no type".to_string()));
        }
        self.funcs.push(ty);
        Ok(())
    }

    fn import(&mut self, import: wasmparser::Import<'_>) -> Result<(), ShapeError> {
        let kind = match import.ty {
            TypeRef::Func(ty) => {
                self.push_func(ty)?;
                self.imported_funcs += 1;
                ImportShape::Func(self.imported_funcs - 1)
            }
            TypeRef::Table(ty) => {
                self.tables.push(table_shape(ty)?);
                self.imported_tables += 1;
                ImportShape::Table(self.imported_tables - 1)
            }
            TypeRef::Memory(ty) => {
                self.memories.push(memory_shape(ty)?);
                self.imported_memories += 1;
                ImportShape::Memory(self.imported_memories - 1)
            }
            TypeRef::Global(ty) => {
                self.globals.push(global_shape(ty)?);
                self.imported_globals += 1;
                ImportShape::Global(self.imported_globals - 1)
            }
            TypeRef::Tag(_) | TypeRef::FuncExact(_) => return Err(ShapeError::Unsupported("tags and exact functions")),
        };
        self.imports.push(Import { module: import.module.to_string(), name: import.name.to_string(), kind });
        Ok(())
    }
}

fn func_shape(ty: &wasmparser::FuncType) -> Result<FuncShape, ShapeError> {
    let all = |types: &[wasmparser::ValType]| -> Result<Vec<ValueType>, ShapeError> {
        types.iter().map(|ty| value_type(*ty)).collect()
    };
    Ok(FuncShape { params: all(ty.params())?, results: all(ty.results())? })
}

fn value_type(ty: wasmparser::ValType) -> Result<ValueType, ShapeError> {
    ValueType::from_parser(ty).ok_or(ShapeError::Unsupported("typed references"))
}

fn table_shape(ty: wasmparser::TableType) -> Result<TableShape, ShapeError> {
    if ty.table64 || ty.shared {
        return Err(ShapeError::Unsupported("64-bit or shared tables"));
    }
    let element = ValueType::from_parser_ref(ty.element_type).ok_or(ShapeError::Unsupported("typed references"))?;
    Ok(TableShape { element, limits: LimitsShape { min: ty.initial, max: ty.maximum } })
}

fn memory_shape(ty: wasmparser::MemoryType) -> Result<LimitsShape, ShapeError> {
    if ty.memory64 || ty.shared || ty.page_size_log2.is_some() {
        return Err(ShapeError::Unsupported("64-bit or shared memories, or other page sizes"));
    }
    Ok(LimitsShape { min: ty.initial, max: ty.maximum })
}

fn global_shape(ty: wasmparser::GlobalType) -> Result<GlobalShape, ShapeError> {
    if ty.shared {
        return Err(ShapeError::Unsupported("shared globals"));
    }
    Ok(GlobalShape { ty: value_type(ty.content_type)?, mutable: ty.mutable })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn index_spaces_start_with_imports() {
        let wasm = wat::parse_str(
            r#"(module
                (import "a" "f" (func (param i32)))
                (import "a" "g" (global (mut i64)))
                (import "a" "t" (table 1 2 externref))
                (memory 1 3)
                (global f32 (f32.const 1))
                (func (export "x") (result f64 funcref) f64.const 1 ref.null func))"#,
        )
        .expect("the text is well-formed");
        let shape = Shape::parse(&wasm).expect("the shape is within Wasm 2.0");
        assert_eq!((shape.funcs.len(), shape.imported_funcs, shape.bodies), (2, 1, 1));
        assert_eq!(shape.func_type(1).results, [ValueType::F64, ValueType::FuncRef]);
        assert_eq!(shape.globals.len(), 2);
        assert_eq!(shape.imports[1].kind, ImportShape::Global(0));
        assert_eq!(shape.memories, [LimitsShape { min: 1, max: Some(3) }]);
        assert_eq!(shape.exported_funcs, [("x".to_string(), 1)]);
    }

    #[test]
    fn what_is_beyond_is_named() {
        let wasm = wat::parse_str("(module (memory i64 1))").expect("the text is well-formed");
        assert!(matches!(Shape::parse(&wasm), Err(ShapeError::Unsupported(_))));
        assert!(matches!(Shape::parse(b"\0asm"), Err(ShapeError::Malformed(_))));
    }
}
