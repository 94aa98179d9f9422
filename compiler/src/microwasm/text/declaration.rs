//! The lines that declare something.

use super::lex::Line;
use super::number;
use super::parse::{Parser, Space};
use crate::error::{CompileError, CompileResult};
use crate::microwasm::check::Declared;
use crate::microwasm::{Const, FuncType, Sink, Type};
use crate::wasm::module::{
    ConstExpr, DataSegment, ElementSegment, Export, ExportKind, GlobalType, Import, ImportKind, Limits, MemoryType,
    SegmentMode, TableType,
};
use std::collections::HashMap;

impl<'t> Line<'t> {
    /// Takes an unsigned number.
    pub(super) fn number(&mut self, what: &str) -> CompileResult<u64> {
        let column = self.column();
        number::unsigned(self.word(what)?).ok_or_else(|| self.error(column, format!("{what} is a number")))
    }

    /// Takes an unsigned number of 32 bits.
    pub(super) fn number32(&mut self, what: &str) -> CompileResult<u32> {
        let column = self.column();
        u32::try_from(self.number(what)?).map_err(|_| self.error(column, format!("{what} has 32 bits")))
    }

    /// Takes a type.
    pub(super) fn ty(&mut self) -> CompileResult<Type> {
        const TYPES: [Type; 7] =
            [Type::I32, Type::I64, Type::F32, Type::F64, Type::V128, Type::FuncRef, Type::ExternRef];
        let column = self.column();
        let word = self.word("a type")?;
        TYPES.into_iter().find(|ty| ty.name() == word).ok_or_else(|| self.error(column, format!("`{word}` is no type")))
    }

    /// Takes a list of types in brackets.
    pub(super) fn types(&mut self, into: &mut Vec<Type>) -> CompileResult<()> {
        into.clear();
        self.take("[")?;
        while !self.has_mark("]") {
            if !into.is_empty() {
                self.take(",")?;
            }
            into.push(self.ty()?);
        }
        Ok(())
    }

    /// Takes a reference to an item: its index, or its name.
    pub(super) fn item(&mut self, what: &str, names: &HashMap<&'t str, u32>) -> CompileResult<u32> {
        let column = self.column();
        let word = self.peek().ok_or_else(|| self.expected(what))?;
        if word.starts_with('$') {
            self.word(what)?;
            return names
                .get(word)
                .copied()
                .ok_or_else(|| self.error(column, format!("{what} is named {word}, which nothing is")));
        }
        self.number32(what)
    }

    fn limits(&mut self) -> CompileResult<Limits> {
        self.take("min")?;
        self.take("=")?;
        let min = self.number("the least size")?;
        let max = if self.has("max") {
            self.take("=")?;
            Some(self.number("the greatest size")?)
        } else {
            None
        };
        Ok(Limits { min, max })
    }

    fn table_type(&mut self) -> CompileResult<TableType> {
        Ok(TableType { element: self.ty()?, limits: self.limits()? })
    }

    fn global_type(&mut self) -> CompileResult<GlobalType> {
        Ok(GlobalType { content: self.ty()?, mutable: self.has("mutable") })
    }

    /// Takes the value of a constant operator.
    pub(super) fn constant(&mut self, operator: &str) -> CompileResult<Option<Const>> {
        let integer = |line: &mut Line<'t>, bits| {
            let column = line.column();
            let word = line.word("a number")?;
            number::integer(word, bits).ok_or_else(|| line.error(column, format!("`{word}` has no {bits} bits")))
        };
        let column = self.column();
        let mut float = || self.word("a number");
        let wrong = |word: &str| format!("`{word}` is no number");
        Ok(Some(match operator {
            "i32.const" => Const::I32(integer(self, 32)? as i32),
            "i64.const" => Const::I64(integer(self, 64)?),
            "f32.const" => {
                let word = float()?;
                Const::F32(number::float32(word).ok_or_else(|| self.error(column, wrong(word)))?)
            }
            "f64.const" => {
                let word = float()?;
                Const::F64(number::float64(word).ok_or_else(|| self.error(column, wrong(word)))?)
            }
            "v128.const" => self.vector()?,
            "funcref.null" => Const::Null(Type::FuncRef),
            "externref.null" => Const::Null(Type::ExternRef),
            _ => return Ok(None),
        }))
    }

    /// Takes a vector: its shape is always four lanes of 32 bits.
    fn vector(&mut self) -> CompileResult<Const> {
        self.take("i32x4")?;
        let mut bytes = [0; 16];
        for lane in bytes.chunks_exact_mut(4) {
            let column = self.column();
            let word = self.word("a number")?;
            let bits =
                number::integer(word, 32).ok_or_else(|| self.error(column, format!("`{word}` has no 32 bits")))?;
            lane.copy_from_slice(&(bits as u32).to_le_bytes());
        }
        Ok(Const::V128(bytes))
    }

    /// Takes the number of a lane, or of a byte in a shuffle. The checker knows how many there are.
    pub(super) fn lane(&mut self) -> CompileResult<u8> {
        let column = self.column();
        u8::try_from(self.number32("a lane")?).map_err(|_| self.error(column, "no vector has so many lanes"))
    }
}

impl<'t, S: Sink> Parser<'t, S> {
    /// Takes a reference to a function that exists.
    pub(super) fn func(&mut self) -> CompileResult<u32> {
        let column = self.line.column();
        let index = self.line.item("a function", &self.names.funcs)?;
        self.exists(column, "function", index, self.info.funcs.len())
    }

    /// An index below a count.
    pub(super) fn exists(&self, column: u32, what: &str, index: u32, count: usize) -> CompileResult<u32> {
        if (index as usize) < count {
            Ok(index)
        } else {
            Err(self.line.error(column, format!("there is no {what} {index}")))
        }
    }

    /// Takes what a declaration declares: its name, or the index that comes next; then `::`.
    fn declared(&mut self, what: &str, next: usize, names: Option<Space>) -> CompileResult<()> {
        let column = self.line.column();
        let word = self.line.word("a name or an index")?;
        if word.starts_with('$') {
            let Some(space) = names else {
                return Err(self.line.error(column, format!("a {what} has no name, but an index")));
            };
            if self.names.of(space).insert(word, next as u32).is_some() {
                return Err(self.line.error(column, format!("two are named {word}")));
            }
        } else if number::unsigned(word) != Some(next as u64) {
            return Err(self.line.error(column, format!("{what} {next} comes next")));
        }
        self.line.take("::")
    }

    /// A line before the code, behind its keyword.
    pub(super) fn declaration(&mut self, keyword: &str, column: u32) -> CompileResult<()> {
        match keyword {
            "type" => {
                self.declared("type", self.info.types.len(), Some(Space::Types))?;
                let ty = self.signature()?;
                self.info.types.push(ty.clone());
                self.check(column, Declared::Type(&ty))
            }
            "import" => self.import(column),
            "func" => {
                self.declared("function", self.info.funcs.len(), Some(Space::Funcs))?;
                let ty = self.type_use(column)?;
                self.info.funcs.push(ty);
                self.check(column, Declared::Func(ty))
            }
            "table" => {
                self.declared("table", self.info.tables.len(), Some(Space::Tables))?;
                let ty = self.line.table_type()?;
                self.info.tables.push(ty);
                self.check(column, Declared::Table(&ty))
            }
            "memory" => {
                self.declared("memory", self.info.memories.len(), None)?;
                let limits = self.line.limits()?;
                self.info.memories.push(MemoryType { limits });
                self.check(column, Declared::Memory)
            }
            "global" => {
                self.declared("global", self.info.globals.len(), Some(Space::Globals))?;
                let ty = self.line.global_type()?;
                self.line.take("=")?;
                let init = self.const_expr()?;
                self.info.globals.push(ty);
                self.info.global_inits.push(init);
                self.check(column, Declared::Global(&ty, &init))
            }
            "export" => self.export(column),
            "start" => {
                let index = self.func()?;
                self.info.start = Some(index);
                self.check(column, Declared::Start(index))
            }
            "elem" => self.element(column),
            "data_count" => {
                self.info.data_count = Some(self.line.number32("the number of data segments")?);
                Ok(())
            }
            _ => Err(self.line.error(column, format!("`{keyword}` declares nothing"))),
        }
    }

    fn check(&mut self, column: u32, declared: Declared<'_>) -> CompileResult<()> {
        let checked = self.declarations.declare(&self.info, declared, self.offset.into());
        checked.map_err(|error| match error {
            CompileError::Microwasm { message, .. } => self.line.error(column, message),
            error => error,
        })
    }

    /// `[types] -> [types]`.
    fn signature(&mut self) -> CompileResult<FuncType> {
        let mut types = std::mem::take(&mut self.params);
        self.line.types(&mut types)?;
        let params = types.as_slice().into();
        self.line.take("->")?;
        self.line.types(&mut types)?;
        let results = types.as_slice().into();
        self.params = types;
        Ok(FuncType { params, results })
    }

    /// `type N`, or a signature, which is declared if it was not.
    fn type_use(&mut self, column: u32) -> CompileResult<u32> {
        if self.line.has("type") {
            return self.line.item("a type", &self.names.types);
        }
        let ty = self.signature()?;
        if let Some(known) = self.info.types.iter().position(|known| *known == ty) {
            return Ok(known as u32);
        }
        self.info.types.push(ty.clone());
        self.check(column, Declared::Type(&ty))?;
        Ok(self.info.types.len() as u32 - 1)
    }

    fn import(&mut self, column: u32) -> CompileResult<()> {
        let (module, name) = (self.line.name()?, self.line.name()?);
        let kind_column = self.line.column();
        let defined = |parser: &Parser<'t, S>, total: usize, imported: u32| {
            if total > imported as usize {
                return Err(parser.line.error(column, "imports come before what the module defines itself"));
            }
            Ok(total)
        };
        let kind = match self.line.word("what is imported")? {
            "func" => {
                let next = defined(self, self.info.funcs.len(), self.info.imported_funcs)?;
                self.declared("function", next, Some(Space::Funcs))?;
                let ty = self.type_use(column)?;
                self.info.funcs.push(ty);
                self.info.imported_funcs += 1;
                ImportKind::Func(ty)
            }
            "table" => {
                let next = defined(self, self.info.tables.len(), self.info.imported_tables)?;
                self.declared("table", next, Some(Space::Tables))?;
                let ty = self.line.table_type()?;
                self.info.tables.push(ty);
                self.info.imported_tables += 1;
                ImportKind::Table(ty)
            }
            "memory" => {
                let next = defined(self, self.info.memories.len(), self.info.imported_memories)?;
                self.declared("memory", next, None)?;
                let ty = MemoryType { limits: self.line.limits()? };
                self.info.memories.push(ty);
                self.info.imported_memories += 1;
                ImportKind::Memory(ty)
            }
            "global" => {
                let next = defined(self, self.info.globals.len(), self.info.imported_globals)?;
                self.declared("global", next, Some(Space::Globals))?;
                let ty = self.line.global_type()?;
                self.info.globals.push(ty);
                self.info.imported_globals += 1;
                ImportKind::Global(ty)
            }
            other => return Err(self.line.error(kind_column, format!("`{other}` cannot be imported"))),
        };
        let import = Import { module, name, kind };
        self.info.imports.push(import.clone());
        self.check(column, Declared::Import(&import))
    }

    fn export(&mut self, column: u32) -> CompileResult<()> {
        let name = self.line.name()?;
        let kind_column = self.line.column();
        let kind = match self.line.word("what is exported")? {
            "func" => ExportKind::Func(self.func()?),
            "table" => ExportKind::Table(self.line.item("a table", &self.names.tables)?),
            "memory" => ExportKind::Memory(self.line.number32("a memory")?),
            "global" => ExportKind::Global(self.line.item("a global", &self.names.globals)?),
            other => return Err(self.line.error(kind_column, format!("`{other}` cannot be exported"))),
        };
        let export = Export { name, kind };
        self.info.exports.push(export.clone());
        self.check(column, Declared::Export(&export))
    }

    fn const_expr(&mut self) -> CompileResult<ConstExpr> {
        let column = self.line.column();
        let operator = self.line.word("a constant")?;
        match operator {
            "global.get" => Ok(ConstExpr::GlobalGet(self.line.item("a global", &self.names.globals)?)),
            "ref.func" => Ok(ConstExpr::RefFunc(self.func()?)),
            _ => match self.line.constant(operator)? {
                Some(value) => Ok(ConstExpr::Const(value)),
                None => Err(self.line.error(column, format!("`{operator}` is no constant"))),
            },
        }
    }

    /// `active ITEM at CONSTANT`, `passive` or `declared`: of a segment for a table, or for a memory.
    fn mode(&mut self, of_table: bool) -> CompileResult<SegmentMode> {
        let column = self.line.column();
        Ok(match self.line.word("a segment's mode")? {
            "active" => {
                let index = if of_table {
                    self.line.item("a table", &self.names.tables)?
                } else {
                    self.line.number32("a memory")?
                };
                self.line.take("at")?;
                SegmentMode::Active { index, offset: self.const_expr()? }
            }
            "passive" => SegmentMode::Passive,
            "declared" => SegmentMode::Declared,
            other => return Err(self.line.error(column, format!("`{other}` is no mode of a segment"))),
        })
    }

    fn element(&mut self, column: u32) -> CompileResult<()> {
        self.declared("element segment", self.info.elements.len(), None)?;
        let element = self.line.ty()?;
        let mode = self.mode(true)?;
        self.line.take("=")?;
        self.line.take("[")?;
        let mut items = Vec::new();
        while !self.line.has_mark("]") {
            if !items.is_empty() {
                self.line.take(",")?;
            }
            items.push(self.const_expr()?);
        }
        let segment = ElementSegment { mode, element, items: items.into() };
        self.check(column, Declared::Element(&segment))?;
        self.info.elements.push(segment);
        Ok(())
    }

    /// A data segment, behind the code.
    pub(super) fn data(&mut self, column: u32) -> CompileResult<()> {
        self.announce()?;
        let number = self.info.data.len();
        self.declared("data segment", number, None)?;
        let mode = self.mode(false)?;
        self.line.take("=")?;
        let segment = DataSegment { mode, bytes: self.line.bytes()?.into() };
        self.check(column, Declared::Data(number as u32, &segment))?;
        self.info.data.push(segment);
        Ok(())
    }
}
