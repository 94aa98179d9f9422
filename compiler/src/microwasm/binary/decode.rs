//! Reads a module: bytes in any chunks to calls on a sink, checked.

use super::leb::{Read, Reader, Stop, bad};
use super::module_in;
use super::operators::Operators;
use crate::error::{CompileError, CompileResult};
use crate::microwasm::check::{Declarations, Declared};
use crate::microwasm::{Sink, Type, VERSION};
use crate::wasm::module::{ConstExpr, DataSegment, ElementSegment, ImportKind, ModuleInfo, SegmentMode};
use std::mem;

/// The first byte offset that does not fit the 32 bits of a code position.
const MAX_MODULE_SIZE: u64 = 1 << 32;

/// The parts of a module, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Types,
    Imports,
    Funcs,
    Tables,
    Memories,
    Globals,
    Exports,
    Elements,
    Data,
}

/// What the next bytes are.
#[derive(Debug)]
enum Stage {
    Magic,
    Version,
    /// How many of something there are.
    Count(Part),
    /// So many of something.
    Items(Part, u32),
    Start,
    DataCount,
    /// So many items of an element segment, which are all functions or not; then so many segments.
    Element {
        left: u32,
        functions: bool,
        segment: Segment<ConstExpr>,
        segments: u32,
    },
    /// So many bytes of a data segment; then so many segments.
    Bytes {
        left: u32,
        segment: Segment<u8>,
        segments: u32,
    },
    /// A function, or with the flag what follows in it.
    Code {
        next: u32,
        inside: bool,
    },
    Done,
}

/// A segment that is being read.
#[derive(Debug)]
struct Segment<T> {
    mode: SegmentMode,
    element: Type,
    items: Vec<T>,
    offset: u64,
}

/// Reads a module of the binary format while its bytes arrive.
///
/// Each operator is checked and goes to the sink as soon as its last byte is there. The calls on the
/// sink and the error, if any, do not depend on how the bytes are split. No more is held than what
/// the module declares and the one operator or declaration that is not complete yet.
#[derive(Debug)]
pub struct Decoder<S> {
    /// Bytes of what is not complete yet.
    pending: Vec<u8>,
    /// How many bytes have been read and are not needed any more.
    consumed: u64,
    error: Option<CompileError>,
    stage: Stage,
    info: ModuleInfo,
    declarations: Declarations,
    operators: Operators<S>,
}

impl<S: Sink> Decoder<S> {
    /// A decoder that has seen no bytes.
    pub fn new(sink: S) -> Decoder<S> {
        Decoder {
            pending: Vec::new(),
            consumed: 0,
            error: None,
            stage: Stage::Magic,
            info: ModuleInfo::default(),
            declarations: Declarations::default(),
            operators: Operators::new(sink),
        }
    }

    /// How many bytes have arrived that are not used yet and are therefore held.
    pub fn held(&self) -> usize {
        self.pending.len()
    }

    /// Takes the next bytes of the module, however many.
    ///
    /// # Errors
    ///
    /// If the bytes are not Microwasm of this version, break a rule, or exceed a limit, with the
    /// offset of the operator or declaration; the same error again on every later call.
    pub fn push(&mut self, bytes: &[u8]) -> CompileResult<()> {
        if let Some(error) = &self.error {
            return Err(error.clone());
        }
        let result = self.take(bytes);
        if let Err(error) = &result {
            self.error = Some(error.clone());
            self.pending = Vec::new();
        }
        result
    }

    /// The module is complete: what it declares, and the sink.
    ///
    /// # Errors
    ///
    /// As [`Decoder::push`], and if the module is incomplete.
    pub fn finish(self) -> CompileResult<(ModuleInfo, S)> {
        if let Some(error) = self.error {
            return Err(error);
        }
        if !matches!(self.stage, Stage::Done) {
            return Err(CompileError::UnexpectedEnd { offset: self.consumed + self.pending.len() as u64 });
        }
        self.operators.out.checker.finish(self.info.data)
    }

    /// Takes bytes up to the largest module's size.
    fn take(&mut self, bytes: &[u8]) -> CompileResult<()> {
        let room = MAX_MODULE_SIZE - self.consumed - self.pending.len() as u64;
        if bytes.len() as u64 > room {
            self.complete(&bytes[..room as usize])?;
            return Err(CompileError::Limit { offset: MAX_MODULE_SIZE, limit: "bytes of a module" });
        }
        self.complete(bytes)
    }

    fn complete(&mut self, mut bytes: &[u8]) -> CompileResult<()> {
        // First complete what is pending with just the bytes that it lacks, ...
        let mut lacking = 1;
        while !self.pending.is_empty() && !bytes.is_empty() {
            let (more, rest) = bytes.split_at(lacking.min(bytes.len()));
            self.pending.extend_from_slice(more);
            bytes = rest;
            let mut pending = mem::take(&mut self.pending);
            let (used, needed) = self.read(&pending)?;
            pending.drain(..used);
            self.pending = pending;
            lacking = needed;
        }
        // ... then read where the bytes lie.
        if self.pending.is_empty() {
            let (used, _) = self.read(bytes)?;
            self.pending.extend_from_slice(&bytes[used..]);
        }
        Ok(())
    }

    /// Reads as much as is whole; how many bytes it was, and how many more the next thing needs.
    fn read(&mut self, bytes: &[u8]) -> CompileResult<(usize, usize)> {
        let base = self.consumed;
        let mut reader = Reader::new(bytes);
        let mut lacking = 1;
        while !reader.is_empty() {
            let start = reader.position;
            let offset = base + start as u64;
            let read = if matches!(self.stage, Stage::Code { .. }) {
                self.code(&mut reader, base)
            } else {
                let read = self.declaration(&mut reader, offset);
                if read.is_err() {
                    reader.position = start;
                }
                read
            };
            match read {
                Ok(()) => {}
                Err(Stop::More(needed)) => {
                    lacking = needed;
                    break;
                }
                Err(Stop::Bad(fault)) => return Err(fault.at(offset)),
                Err(Stop::Refused(error)) => return Err(*error),
            }
        }
        self.consumed += reader.position as u64;
        Ok((reader.position, lacking))
    }

    /// Reads functions.
    fn code(&mut self, reader: &mut Reader<'_>, base: u64) -> Read<()> {
        let Stage::Code { next, inside } = &mut self.stage else { return Ok(()) };
        if !*inside {
            self.operators.begin(&self.info, *next, (base + reader.position as u64) as u32)?;
            *inside = true;
        }
        self.operators.read(&self.info, reader, base)?;
        let next = *next + 1;
        self.stage = self.function(next);
        Ok(())
    }

    /// The stage before the next function.
    fn function(&self, next: u32) -> Stage {
        if next as usize == self.info.funcs.len() {
            Stage::Count(Part::Data)
        } else {
            Stage::Code { next, inside: false }
        }
    }

    /// The stage with so many declarations left.
    fn items(part: Part, left: u32) -> Stage {
        match (left, part) {
            (1.., _) => Stage::Items(part, left),
            (0, Part::Types) => Stage::Count(Part::Imports),
            (0, Part::Imports) => Stage::Count(Part::Funcs),
            (0, Part::Funcs) => Stage::Count(Part::Tables),
            (0, Part::Tables) => Stage::Count(Part::Memories),
            (0, Part::Memories) => Stage::Count(Part::Globals),
            (0, Part::Globals) => Stage::Count(Part::Exports),
            (0, Part::Exports) => Stage::Start,
            (0, Part::Elements) => Stage::DataCount,
            (0, Part::Data) => Stage::Done,
        }
    }

    /// Reads one thing outside of code.
    fn declaration(&mut self, reader: &mut Reader<'_>, offset: u64) -> Read<()> {
        match &mut self.stage {
            Stage::Magic => {
                if reader.bytes(4)? != super::MAGIC {
                    return Err(bad("these bytes do not begin as Microwasm does"));
                }
                self.stage = Stage::Version;
            }
            Stage::Version => {
                let found = reader.u32()?;
                if found != VERSION {
                    return Err(Stop::Refused(Box::new(CompileError::Version { found })));
                }
                self.stage = Stage::Count(Part::Types);
            }
            Stage::Count(part) => {
                let (part, count) = (*part, reader.u32()?);
                if part == Part::Data && self.info.data_count.is_some_and(|announced| announced != count) {
                    return Err(bad("the data segments are not as many as were announced"));
                }
                self.stage = Self::items(part, count);
            }
            Stage::Items(part, left) => {
                let (part, left) = (*part, *left - 1);
                match part {
                    Part::Elements => return self.element_segment(reader, offset, left),
                    Part::Data => return self.data_segment(reader, offset, left),
                    _ => self.item(part, reader, offset)?,
                }
                self.stage = Self::items(part, left);
            }
            Stage::Start => {
                self.info.start = module_in::optional(reader)?;
                self.stage = Stage::Count(Part::Elements);
                if let Some(start) = self.info.start {
                    return self.declarations.declare(&self.info, Declared::Start(start), offset).map_err(refused);
                }
            }
            Stage::DataCount => {
                self.info.data_count = module_in::optional(reader)?;
                self.operators.out.checker.module(&self.info);
                self.operators.checked()?;
                self.stage = self.function(self.info.imported_funcs);
            }
            Stage::Element { left, functions, segment, segments } => {
                let item = if *functions { ConstExpr::RefFunc(reader.u32()?) } else { module_in::const_expr(reader)? };
                segment.items.push(item);
                *left -= 1;
                if *left == 0 {
                    let segments = *segments;
                    self.end_segment(segments)?;
                }
            }
            Stage::Bytes { left, segment, segments } => {
                let bytes = reader.at_most(*left as usize);
                segment.items.extend_from_slice(bytes);
                *left -= bytes.len() as u32;
                if *left == 0 {
                    let segments = *segments;
                    self.end_segment(segments)?;
                }
            }
            Stage::Code { .. } => {}
            Stage::Done => return Err(bad("bytes after the module's end")),
        }
        Ok(())
    }

    /// Reads one of the things that a module declares by the number.
    fn item(&mut self, part: Part, reader: &mut Reader<'_>, offset: u64) -> Read<()> {
        let info = &mut self.info;
        match part {
            Part::Types => info.types.push(module_in::func_type(reader)?),
            Part::Imports => {
                let import = module_in::import(reader)?;
                match import.kind {
                    ImportKind::Func(ty) => {
                        info.funcs.push(ty);
                        info.imported_funcs += 1;
                    }
                    ImportKind::Table(ty) => {
                        info.tables.push(ty);
                        info.imported_tables += 1;
                    }
                    ImportKind::Memory(ty) => {
                        info.memories.push(ty);
                        info.imported_memories += 1;
                    }
                    ImportKind::Global(ty) => {
                        info.globals.push(ty);
                        info.imported_globals += 1;
                    }
                }
                info.imports.push(import);
            }
            Part::Funcs => info.funcs.push(reader.u32()?),
            Part::Tables => info.tables.push(module_in::table_type(reader)?),
            Part::Memories => info.memories.push(module_in::memory_type(reader)?),
            Part::Globals => {
                let (ty, init) = (module_in::global_type(reader)?, module_in::const_expr(reader)?);
                info.globals.push(ty);
                info.global_inits.push(init);
            }
            Part::Exports => info.exports.push(module_in::export(reader)?),
            Part::Elements | Part::Data => {}
        }
        let info = &self.info;
        let global = || info.globals.last().zip(info.global_inits.last());
        let declared = match part {
            Part::Types => info.types.last().map(Declared::Type),
            Part::Imports => info.imports.last().map(Declared::Import),
            Part::Funcs => info.funcs.last().map(|ty| Declared::Func(*ty)),
            Part::Tables => info.tables.last().map(Declared::Table),
            Part::Memories => Some(Declared::Memory),
            Part::Globals => global().map(|(ty, init)| Declared::Global(ty, init)),
            Part::Exports => info.exports.last().map(Declared::Export),
            Part::Elements | Part::Data => None,
        };
        let Some(declared) = declared else { return Ok(()) };
        self.declarations.declare(info, declared, offset).map_err(refused)
    }

    /// Reads how an element segment begins.
    fn element_segment(&mut self, reader: &mut Reader<'_>, offset: u64, segments: u32) -> Read<()> {
        let (mode, functions) = module_in::mode(reader)?;
        let element = if functions { Type::FuncRef } else { module_in::ty(reader)? };
        let left = reader.u32()?;
        let segment = Segment { mode, element, items: Vec::new(), offset };
        self.stage = Stage::Element { left, functions, segment, segments };
        if left == 0 { self.end_segment(segments) } else { Ok(()) }
    }

    /// Reads how a data segment begins.
    fn data_segment(&mut self, reader: &mut Reader<'_>, offset: u64, segments: u32) -> Read<()> {
        let (mode, functions) = module_in::mode(reader)?;
        if functions {
            return Err(bad("a data segment holds functions"));
        }
        let left = reader.u32()?;
        let segment = Segment { mode, element: Type::I32, items: Vec::new(), offset };
        self.stage = Stage::Bytes { left, segment, segments };
        if left == 0 { self.end_segment(segments) } else { Ok(()) }
    }

    /// A segment is complete, and so many are left.
    fn end_segment(&mut self, segments: u32) -> Read<()> {
        let (part, declared, offset) = match mem::replace(&mut self.stage, Stage::Done) {
            Stage::Element { segment, .. } => {
                let Segment { mode, element, items, offset } = segment;
                self.info.elements.push(ElementSegment { mode, element, items: items.into() });
                (Part::Elements, self.info.elements.last().map(Declared::Element), offset)
            }
            Stage::Bytes { segment, .. } => {
                let number = self.info.data.len() as u32;
                self.info.data.push(DataSegment { mode: segment.mode, bytes: segment.items.into() });
                let declared = self.info.data.last().map(|data| Declared::Data(number, data));
                (Part::Data, declared, segment.offset)
            }
            stage => {
                self.stage = stage;
                return Ok(());
            }
        };
        self.stage = Self::items(part, segments);
        let Some(declared) = declared else { return Ok(()) };
        self.declarations.declare(&self.info, declared, offset).map_err(refused)
    }
}

#[cold]
fn refused(error: CompileError) -> Stop {
    Stop::Refused(Box::new(error))
}
