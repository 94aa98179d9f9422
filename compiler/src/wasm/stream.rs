//! The streaming front end: bytes in any chunks to calls on a [`Sink`].

use std::fmt;
use std::mem;

use wasmparser::{Chunk, FuncValidatorAllocations, Parser, Payload, ValidPayload, Validator};

use crate::error::{CompileError, CompileResult};
use crate::microwasm::Sink;
use crate::microwasm::lower::LowerBuffers;
use crate::wasm::module::ModuleInfo;
use crate::wasm::{body, features, sections};

/// The first byte offset that does not fit the 32 bits of a code position.
const MAX_MODULE_SIZE: u64 = 1 << 32;

/// Validates a module while its bytes arrive and lowers each function as soon as it is complete.
///
/// The calls on the sink and the error, if any, do not depend on how the bytes are split. No more is
/// held than the section, or the function of the code section, that is not complete yet.
pub struct Frontend<S> {
    parser: Parser,
    validator: Validator,
    /// Bytes that have arrived and are not yet a whole section or function.
    pending: Vec<u8>,
    /// How many bytes have arrived.
    received: u64,
    /// The error that ended it.
    error: Option<CompileError>,
    module: Module<S>,
}

/// What the payloads are turned into.
struct Module<S> {
    info: ModuleInfo,
    /// Whether the sink knows the module.
    announced: bool,
    sink: S,
    allocations: FuncValidatorAllocations,
    buffers: LowerBuffers,
}

impl<S> fmt::Debug for Frontend<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frontend")
            .field("received", &self.received)
            .field("pending", &self.pending.len())
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

impl<S: Sink> Frontend<S> {
    /// A front end that has seen no bytes.
    pub fn new(sink: S) -> Frontend<S> {
        let mut parser = Parser::new(0);
        parser.set_features(features::ACCEPTED);
        Frontend {
            parser,
            validator: Validator::new_with_features(features::ACCEPTED),
            pending: Vec::new(),
            received: 0,
            error: None,
            module: Module {
                info: ModuleInfo::default(),
                announced: false,
                sink,
                allocations: FuncValidatorAllocations::default(),
                buffers: LowerBuffers::default(),
            },
        }
    }

    /// Takes the next bytes of the module, however many.
    ///
    /// # Errors
    ///
    /// If the module is malformed, invalid, unsupported or too large; the same error again on every
    /// later call.
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
    /// As [`Frontend::push`], and if the module is incomplete.
    pub fn finish(mut self) -> CompileResult<(ModuleInfo, S)> {
        if let Some(error) = self.error {
            return Err(error);
        }
        // What is pending is by construction no whole section or function.
        if !self.pending.is_empty() {
            return Err(CompileError::UnexpectedEnd { offset: self.received });
        }
        loop {
            match self.parser.parse(&[], true) {
                Ok(Chunk::Parsed { payload: Payload::End(offset), .. }) => {
                    self.validator.end(offset)?;
                    self.module.announce();
                    return Ok((self.module.info, self.module.sink));
                }
                Ok(Chunk::Parsed { payload, .. }) => self.module.payload(&mut self.validator, payload)?,
                Ok(Chunk::NeedMoreData(_)) => return Err(CompileError::UnexpectedEnd { offset: self.received }),
                Err(error) if error.message().starts_with("unexpected end") => {
                    return Err(CompileError::UnexpectedEnd { offset: self.received });
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Takes bytes up to the largest module's size.
    fn take(&mut self, bytes: &[u8]) -> CompileResult<()> {
        let room = MAX_MODULE_SIZE - self.received;
        if bytes.len() as u64 > room {
            self.parse(&bytes[..room as usize])?;
            return Err(CompileError::Limit { offset: MAX_MODULE_SIZE, limit: "bytes of a module" });
        }
        self.parse(bytes)
    }

    fn parse(&mut self, mut bytes: &[u8]) -> CompileResult<()> {
        self.received += bytes.len() as u64;
        // First complete what is pending with just the bytes that it lacks, ...
        let mut lacking = 1;
        while !self.pending.is_empty() && !bytes.is_empty() {
            let (more, rest) = bytes.split_at(lacking.min(bytes.len()));
            self.pending.extend_from_slice(more);
            bytes = rest;
            let mut pending = mem::take(&mut self.pending);
            let (used, needed) = self.payloads(&pending)?;
            pending.drain(..used);
            self.pending = pending;
            lacking = needed;
        }
        // ... then take whole payloads where they lie.
        if self.pending.is_empty() {
            let (used, _) = self.payloads(bytes)?;
            self.pending.extend_from_slice(&bytes[used..]);
        }
        Ok(())
    }

    /// Takes as many whole payloads as there are; how many bytes they were, and how many more the
    /// next one needs at least.
    fn payloads(&mut self, bytes: &[u8]) -> CompileResult<(usize, usize)> {
        let mut used = 0;
        while used < bytes.len() {
            match self.parser.parse(&bytes[used..], false)? {
                Chunk::NeedMoreData(needed) => return Ok((used, needed.max(1))),
                Chunk::Parsed { consumed, payload } => {
                    self.module.payload(&mut self.validator, payload)?;
                    used += consumed;
                }
            }
        }
        Ok((used, 1))
    }
}

impl<S: Sink> Module<S> {
    /// Tells the sink what the module declares, once.
    fn announce(&mut self) {
        if !self.announced {
            self.announced = true;
            self.sink.module(&self.info);
        }
    }

    fn payload(&mut self, validator: &mut Validator, payload: Payload<'_>) -> CompileResult<()> {
        match validator.payload(&payload)? {
            ValidPayload::Func(function, body) => {
                let mut validator = function.into_validator(mem::take(&mut self.allocations));
                body::lower(&body, &mut validator, &self.info, &mut self.buffers, &mut self.sink)?;
                self.allocations = validator.into_allocations();
                Ok(())
            }
            _ => {
                // The sink is told all that comes before code, and data segments come after.
                if matches!(payload, Payload::CodeSectionStart { .. } | Payload::DataSection(_)) {
                    self.announce();
                }
                sections::declare(&mut self.info, payload)
            }
        }
    }
}
