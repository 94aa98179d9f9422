//! The sink that prints: a module's declarations, then its code as it comes, then its data.

use super::names::Names;
use super::print::Signature;
use crate::microwasm::{FuncType, Op, Sink, VERSION};
use crate::wasm::module::{
    ConstExpr, ElementSegment, ExportKind, GlobalType, ImportKind, Limits, ModuleInfo, SegmentMode, TableType,
};
use std::fmt::{self, Write};

/// A sink that prints a module.
///
/// An error of the writer ends the printing; [`Printer::finish`] returns it.
#[derive(Debug)]
pub struct Printer<W> {
    out: W,
    result: fmt::Result,
    names: Names,
    /// Whether the byte offset stands as a comment after the first operator that it gave.
    offsets: bool,
    /// The offset that is not printed yet.
    offset: Option<u32>,
}

impl<W: Write> Printer<W> {
    /// Prints to this writer.
    pub fn new(out: W) -> Printer<W> {
        Printer { out, result: Ok(()), names: Names::default(), offsets: false, offset: None }
    }

    /// Also prints the byte offset of each Wasm operator, as a comment.
    pub fn with_offsets(mut self) -> Printer<W> {
        self.offsets = true;
        self
    }

    /// Prints the data segments, which come after the code, and returns the writer.
    ///
    /// # Errors
    ///
    /// The writer's first error.
    pub fn finish(mut self, info: &ModuleInfo) -> Result<W, fmt::Error> {
        for (index, segment) in info.data.iter().enumerate() {
            self.write(format_args!("data {index} :: "));
            self.mode(&segment.mode, |_, memory| memory.to_string());
            self.write(format_args!(" = {}\n", Quoted(&segment.bytes)));
        }
        self.result.map(|()| self.out)
    }

    fn write(&mut self, text: fmt::Arguments<'_>) {
        if self.result.is_ok() {
            self.result = self.out.write_fmt(text);
        }
    }

    fn end_line(&mut self) {
        match self.offset.take().filter(|_| self.offsets) {
            Some(offset) => self.write(format_args!(" ;; @{offset:#x}\n")),
            None => self.write(format_args!("\n")),
        }
    }

    fn declarations(&mut self, info: &ModuleInfo) {
        self.write(format_args!("microwasm {VERSION}\n"));
        for (index, ty) in info.types.iter().enumerate() {
            self.write(format_args!("type {index} :: {}\n", Signature(ty)));
        }
        self.imports(info);
        for (index, ty) in (0..).zip(&info.funcs).skip(info.imported_funcs as usize) {
            let name = self.names.funcs.of(index).to_string();
            self.write(format_args!("func {name} :: type {ty}\n"));
        }
        for (index, ty) in (0..).zip(&info.tables).skip(info.imported_tables as usize) {
            let name = self.names.tables.of(index).to_string();
            self.write(format_args!("table {name} :: {}\n", Table(ty)));
        }
        for (index, ty) in info.memories.iter().enumerate().skip(info.imported_memories as usize) {
            self.write(format_args!("memory {index} :: {}\n", Size(ty.limits)));
        }
        let defined = (0..).zip(&info.globals).skip(info.imported_globals as usize);
        for ((index, ty), init) in defined.zip(&info.global_inits) {
            let (name, init) = (self.names.globals.of(index).to_string(), self.const_expr(init));
            self.write(format_args!("global {name} :: {} = {init}\n", Global(ty)));
        }
        for export in &info.exports {
            let what = match export.kind {
                ExportKind::Func(index) => format!("func {}", self.names.funcs.of(index)),
                ExportKind::Table(index) => format!("table {}", self.names.tables.of(index)),
                ExportKind::Memory(index) => format!("memory {index}"),
                ExportKind::Global(index) => format!("global {}", self.names.globals.of(index)),
            };
            self.write(format_args!("export {} {what}\n", Quoted(export.name.as_bytes())));
        }
        if let Some(start) = info.start {
            let name = self.names.funcs.of(start).to_string();
            self.write(format_args!("start {name}\n"));
        }
        for (index, segment) in info.elements.iter().enumerate() {
            self.element(index, segment);
        }
        if let Some(count) = info.data_count {
            self.write(format_args!("data_count {count}\n"));
        }
    }

    fn imports(&mut self, info: &ModuleInfo) {
        let (mut funcs, mut tables, mut memories, mut globals) = (0, 0, 0, 0);
        let next = |count: &mut u32| std::mem::replace(count, *count + 1);
        for import in &info.imports {
            let what = match &import.kind {
                ImportKind::Func(ty) => format!("func {} :: type {ty}", self.names.funcs.of(next(&mut funcs))),
                ImportKind::Table(ty) => format!("table {} :: {}", self.names.tables.of(next(&mut tables)), Table(ty)),
                ImportKind::Memory(ty) => format!("memory {} :: {}", next(&mut memories), Size(ty.limits)),
                ImportKind::Global(ty) => {
                    format!("global {} :: {}", self.names.globals.of(next(&mut globals)), Global(ty))
                }
            };
            let (module, name) = (Quoted(import.module.as_bytes()), Quoted(import.name.as_bytes()));
            self.write(format_args!("import {module} {name} {what}\n"));
        }
    }

    fn element(&mut self, index: usize, segment: &ElementSegment) {
        self.write(format_args!("elem {index} :: {} ", segment.element));
        self.mode(&segment.mode, |printer, table| printer.names.tables.of(table).to_string());
        self.write(format_args!(" = ["));
        for (number, item) in segment.items.iter().enumerate() {
            let (comma, item) = (if number == 0 { "" } else { ", " }, self.const_expr(item));
            self.write(format_args!("{comma}{item}"));
        }
        self.write(format_args!("]\n"));
    }

    fn mode(&mut self, mode: &SegmentMode, name: impl Fn(&Self, u32) -> String) {
        match mode {
            SegmentMode::Active { index, offset } => {
                let (name, offset) = (name(self, *index), self.const_expr(offset));
                self.write(format_args!("active {name} at {offset}"));
            }
            SegmentMode::Passive => self.write(format_args!("passive")),
            SegmentMode::Declared => self.write(format_args!("declared")),
        }
    }

    fn const_expr(&self, expr: &ConstExpr) -> String {
        match *expr {
            ConstExpr::Const(value) => value.to_string(),
            ConstExpr::GlobalGet(index) => format!("global.get {}", self.names.globals.of(index)),
            ConstExpr::RefFunc(index) => format!("ref.func {}", self.names.funcs.of(index)),
        }
    }

    /// An operator, with the names of what it names; what it means follows from the declarations.
    fn operator(&mut self, op: Op<'_>) {
        let Printer { out, names: Names { funcs, globals, tables }, .. } = self;
        self.result = match op {
            Op::GlobalGet { index, .. } => write!(out, "global.get {}", globals.of(index)),
            Op::GlobalSet(index) => write!(out, "global.set {}", globals.of(index)),
            Op::TableGet { table, .. } => write!(out, "table.get {}", tables.of(table)),
            Op::TableSet(table) => write!(out, "table.set {}", tables.of(table)),
            Op::TableSize(table) => write!(out, "table.size {}", tables.of(table)),
            Op::TableGrow(table) => write!(out, "table.grow {}", tables.of(table)),
            Op::TableFill(table) => write!(out, "table.fill {}", tables.of(table)),
            Op::TableCopy { dst, src } => write!(out, "table.copy {}, {}", tables.of(dst), tables.of(src)),
            Op::TableInit { segment, table } => write!(out, "table.init {segment}, {}", tables.of(table)),
            Op::RefFunc(func) => write!(out, "ref.func {}", funcs.of(func)),
            Op::Call { func, .. } => write!(out, "call {}", funcs.of(func)),
            Op::CallIndirect { type_index, table, .. } => {
                write!(out, "call_indirect {} :: type {type_index}", tables.of(table))
            }
            op => write!(out, "{op}"),
        };
    }
}

impl<W: Write> Sink for Printer<W> {
    fn module(&mut self, module: &ModuleInfo) {
        self.names = Names::of(module);
        self.declarations(module);
    }

    fn begin(&mut self, index: u32, _ty: &FuncType, offset: u32) {
        self.offset = Some(offset);
        let name = self.names.funcs.of(index).to_string();
        self.write(format_args!("code {name}"));
        self.end_line();
    }

    fn at(&mut self, offset: u32) {
        self.offset = Some(offset);
    }

    fn op(&mut self, op: Op<'_>) {
        if !matches!(op, Op::Label(_)) {
            self.write(format_args!("  "));
        }
        if self.result.is_ok() {
            self.operator(op);
        }
        self.end_line();
    }

    fn end(&mut self) {
        self.offset = None;
        self.write(format_args!("end\n"));
    }
}

/// Bytes between quotation marks: printable ASCII as it is, everything else by its hexadecimal digits.
struct Quoted<'a>(&'a [u8]);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for byte in self.0 {
            match byte {
                b'"' | b'\\' => write!(f, "\\{}", char::from(*byte))?,
                b' '..=b'~' => f.write_char(char::from(*byte))?,
                _ => write!(f, "\\{byte:02x}")?,
            }
        }
        f.write_char('"')
    }
}

struct Size(Limits);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "min={}", self.0.min)?;
        self.0.max.map_or(Ok(()), |max| write!(f, " max={max}"))
    }
}

struct Table<'a>(&'a TableType);

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0.element, Size(self.0.limits))
    }
}

struct Global<'a>(&'a GlobalType);

impl fmt::Display for Global<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.0.content, if self.0.mutable { " mutable" } else { "" })
    }
}
