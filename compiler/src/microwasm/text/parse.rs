//! Text to calls on a sink: the parser's state, and which line may stand where.

use super::lex::Line;
use crate::error::{CompileError, CompileResult};
use crate::microwasm::check::{Checker, Declarations, Fault};
use crate::microwasm::{Sink, Target, Type, VERSION};
use crate::wasm::module::ModuleInfo;
use std::collections::HashMap;

/// Where in a module the parser is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Before the line `microwasm 1`.
    Start,
    /// Before the code.
    Declarations,
    /// Between functions; the next one to come.
    Code(u32),
    /// In a function; the one after it.
    Body(u32),
}

/// What `$names` mean.
#[derive(Debug, Default)]
pub(super) struct Names<'t> {
    pub(super) types: HashMap<&'t str, u32>,
    pub(super) funcs: HashMap<&'t str, u32>,
    pub(super) globals: HashMap<&'t str, u32>,
    pub(super) tables: HashMap<&'t str, u32>,
}

/// An index space whose items may have names.
#[derive(Debug, Clone, Copy)]
pub(super) enum Space {
    Types,
    Funcs,
    Globals,
    Tables,
}

impl<'t> Names<'t> {
    /// The names of one index space.
    pub(super) fn of(&mut self, space: Space) -> &mut HashMap<&'t str, u32> {
        match space {
            Space::Types => &mut self.types,
            Space::Funcs => &mut self.funcs,
            Space::Globals => &mut self.globals,
            Space::Tables => &mut self.tables,
        }
    }
}

/// An open label, as far as the text needs to know it.
#[derive(Debug)]
pub(super) struct Open<'t> {
    /// `None` for those that are written by their number.
    pub(super) name: Option<&'t str>,
    pub(super) backward: bool,
}

/// The state of reading a module.
pub(super) struct Parser<'t, S> {
    pub(super) line: Line<'t>,
    /// The byte offset of the line.
    pub(super) offset: u32,
    pub(super) stage: Stage,
    pub(super) info: ModuleInfo,
    pub(super) declarations: Declarations,
    pub(super) names: Names<'t>,
    pub(super) labels: Vec<Open<'t>>,
    /// The numbers of the open labels of each name, the innermost last.
    pub(super) label_numbers: HashMap<&'t str, Vec<u32>>,
    pub(super) params: Vec<Type>,
    pub(super) targets: Vec<Target>,
    pub(super) checker: Checker<S>,
}

/// Reads a module and says it to a sink, checked: each operator as soon as its line is read. The
/// offsets that the sink is told are byte offsets of lines in the text.
///
/// Returns what the module declares, and the sink.
///
/// # Errors
///
/// [`CompileError::Text`] with the line and the column of what is no Microwasm or breaks one of its
/// rules; [`CompileError::Version`], [`CompileError::Limit`] and [`CompileError::Unsupported`].
pub fn parse<S: Sink>(text: &str, sink: S) -> CompileResult<(ModuleInfo, S)> {
    if u32::try_from(text.len()).is_err() {
        return Err(CompileError::Limit { offset: 1 << 32, limit: "bytes of a module" });
    }
    let mut parser = Parser {
        line: Line::default(),
        offset: 0,
        stage: Stage::Start,
        info: ModuleInfo::default(),
        declarations: Declarations::default(),
        names: Names::default(),
        labels: Vec::new(),
        label_numbers: HashMap::new(),
        params: Vec::new(),
        targets: Vec::new(),
        checker: Checker::new(sink),
    };
    let mut number = 0;
    for line in text.split_inclusive('\n') {
        number += 1;
        parser.line.read(line, number)?;
        if !parser.line.is_empty() {
            parser.statement()?;
            parser.line.done()?;
        }
        parser.offset += line.len() as u32;
    }
    parser.line.read("", number + 1)?;
    parser.finish()
}

impl<'t, S: Sink> Parser<'t, S> {
    /// A line that is not empty.
    fn statement(&mut self) -> CompileResult<()> {
        if let Stage::Body(next) = self.stage {
            if self.line.has("end") {
                self.stage = Stage::Code(next);
                self.checker.end();
                return self.checked(1);
            }
            return self.operator();
        }
        let column = self.line.column();
        let keyword = self.line.word("a declaration")?;
        match (self.stage, keyword) {
            (Stage::Start, "microwasm") => self.version(),
            (Stage::Start, _) => Err(self.line.error(column, format!("the first line is `microwasm {VERSION}`"))),
            (Stage::Declarations | Stage::Code(_), "code") => self.code(),
            (Stage::Declarations | Stage::Code(_), "data") => self.data(column),
            (Stage::Declarations, _) => self.declaration(keyword, column),
            _ => Err(self.line.error(column, format!("`{keyword}` cannot stand after the code begins"))),
        }
    }

    fn version(&mut self) -> CompileResult<()> {
        let column = self.line.column();
        let text = self.line.word("a version")?;
        let found = super::number::unsigned(text).and_then(|number| u32::try_from(number).ok());
        match found {
            Some(VERSION) => {
                self.stage = Stage::Declarations;
                Ok(())
            }
            Some(found) => Err(CompileError::Version { found }),
            None => Err(self.line.error(column, "a version is a number")),
        }
    }

    /// `code NAME`: a function begins.
    fn code(&mut self) -> CompileResult<()> {
        self.announce()?;
        let Stage::Code(next) = self.stage else { unreachable!("the declarations are complete") };
        let column = self.line.column();
        let index = self.func()?;
        if index != next {
            return Err(self.line.error(column, format!("function {next} comes next")));
        }
        self.labels.clear();
        self.label_numbers.clear();
        self.stage = Stage::Body(next + 1);
        self.checker.begin(index, self.info.func_type(index), self.offset);
        self.checked(column)
    }

    /// The declarations are complete: the sink hears of them, once.
    pub(super) fn announce(&mut self) -> CompileResult<()> {
        if self.stage == Stage::Declarations {
            self.stage = Stage::Code(self.info.imported_funcs);
            self.checker.module(&self.info);
            self.checked(1)?;
        }
        Ok(())
    }

    /// Whether what was said to the checker keeps the rules; if not, the error is at this column.
    pub(super) fn checked(&mut self, column: u32) -> CompileResult<()> {
        let Some(fault) = self.checker.fault() else { return Ok(()) };
        Err(match fault.clone() {
            Fault::Rule(label, message) => {
                let label = label.map_or_else(String::new, |number| format!(" (label {})", self.label_name(number)));
                self.line.error(column, format!("{message}{label}"))
            }
            fault => fault.at(self.offset.into()),
        })
    }

    /// A label as the text has it.
    fn label_name(&self, number: u32) -> String {
        match self.labels.get(number as usize).and_then(|open| open.name) {
            Some(name) => name.to_string(),
            None => format!(".L{number}"),
        }
    }

    fn finish(mut self) -> CompileResult<(ModuleInfo, S)> {
        match self.stage {
            Stage::Start => return Err(self.line.error(1, format!("expected `microwasm {VERSION}`"))),
            Stage::Body(_) => return Err(self.line.error(1, "expected `end`")),
            Stage::Declarations | Stage::Code(_) => self.announce()?,
        }
        let data = std::mem::take(&mut self.info.data);
        self.checker.finish(data).map_err(|error| match error {
            CompileError::Microwasm { message, .. } => self.line.error(1, message),
            error => error,
        })
    }
}
