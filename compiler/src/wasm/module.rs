//! What a module declares: its types, imports, tables, memories, globals, segments and exports.

pub use crate::wasm::data::DataBytes;

use crate::microwasm::{Const, FuncType, Type};

/// The size limits of a memory (in pages of 64 KiB) or a table (in elements).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The size at creation.
    pub min: u64,
    /// The size it may grow to, if the module says so.
    pub max: Option<u64>,
}

/// A table's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableType {
    /// The type of its elements, a reference type.
    pub element: Type,
    /// Its size in elements.
    pub limits: Limits,
}

/// A memory's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemoryType {
    /// Its size in pages of 64 KiB.
    pub limits: Limits,
}

/// A global's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GlobalType {
    /// The type of its value.
    pub content: Type,
    /// Whether it can be written.
    pub mutable: bool,
}

/// A constant expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConstExpr {
    /// A constant.
    Const(Const),
    /// The value of an imported global.
    GlobalGet(u32),
    /// A reference to a function.
    RefFunc(u32),
}

/// What an import asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportKind {
    /// A function, with the index of its type.
    Func(u32),
    /// A table.
    Table(TableType),
    /// A memory.
    Memory(MemoryType),
    /// A global.
    Global(GlobalType),
}

/// An import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The first name.
    pub module: Box<str>,
    /// The second name.
    pub name: Box<str>,
    /// What is asked for.
    pub kind: ImportKind,
}

/// What is exported: a kind and an index in the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExportKind {
    /// A function.
    Func(u32),
    /// A table.
    Table(u32),
    /// A memory.
    Memory(u32),
    /// A global.
    Global(u32),
}

/// An export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// The name.
    pub name: Box<str>,
    /// What it names.
    pub kind: ExportKind,
}

/// When a segment is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SegmentMode {
    /// At instantiation, to a table or memory at an offset.
    Active {
        /// The table's or memory's index.
        index: u32,
        /// Where it starts.
        offset: ConstExpr,
    },
    /// By `table.init` or `memory.init`.
    Passive,
    /// Never: it only declares functions for `ref.func`.
    Declared,
}

/// An element segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElementSegment {
    /// When it is applied.
    pub mode: SegmentMode,
    /// The type of its items.
    pub element: Type,
    /// Its items.
    pub items: Box<[ConstExpr]>,
}

/// A data segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataSegment {
    /// When it is applied.
    pub mode: SegmentMode,
    /// Its bytes.
    pub bytes: DataBytes,
}

/// Everything a module declares, beside its code. Index spaces start with what is imported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModuleInfo {
    /// Function types.
    pub types: Vec<FuncType>,
    /// Imports in order.
    pub imports: Vec<Import>,
    /// The type index of each function.
    pub funcs: Vec<u32>,
    /// How many of `funcs` are imported.
    pub imported_funcs: u32,
    /// Tables.
    pub tables: Vec<TableType>,
    /// How many of `tables` are imported.
    pub imported_tables: u32,
    /// Memories (at most one).
    pub memories: Vec<MemoryType>,
    /// How many of `memories` are imported.
    pub imported_memories: u32,
    /// Globals.
    pub globals: Vec<GlobalType>,
    /// How many of `globals` are imported.
    pub imported_globals: u32,
    /// The initial value of each global that is not imported.
    pub global_inits: Vec<ConstExpr>,
    /// Exports in order.
    pub exports: Vec<Export>,
    /// The start function.
    pub start: Option<u32>,
    /// Element segments.
    pub elements: Vec<ElementSegment>,
    /// How many data segments there are, where the module says so before its code. Only then may code name them.
    pub data_count: Option<u32>,
    /// Data segments. They come after the code: a sink does not see them.
    pub data: Vec<DataSegment>,
}

impl ModuleInfo {
    /// The type of a function by its index.
    ///
    /// # Panics
    ///
    /// If there is no such function.
    pub fn func_type(&self, index: u32) -> &FuncType {
        &self.types[self.funcs[index as usize] as usize]
    }
}
