//! The streaming front end: bytes in any chunks to calls on a [`Sink`].

use std::fmt;
use std::mem;

use wasmparser::{Chunk, Parser, Payload, Validator};

use crate::error::{CompileError, CompileResult};
use crate::microwasm::Sink;
use crate::wasm::code::{Buffers, CodeSection, Taken};
use crate::wasm::module::ModuleInfo;
use crate::wasm::{features, refusal, sections};

/// The first byte offset that does not fit the 32 bits of a code position.
const MAX_MODULE_SIZE: u64 = 1 << 32;

/// Validates a module while its bytes arrive and lowers each operator as soon as it is complete.
///
/// The calls on the sink and the error, if any, do not depend on how the bytes are split. No more is
/// held than the section, or the operator of the code section, that is not complete yet.
pub struct Frontend<S> {
    parser: Parser,
    validator: Validator,
    /// Bytes that have arrived and are not yet a whole section or operator.
    pending: Vec<u8>,
    /// How many bytes more to wait for before those are looked at again.
    lacking: usize,
    /// How many bytes have arrived.
    received: u64,
    /// The code section while it lasts.
    code: Option<CodeSection>,
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
    buffers: Buffers,
    /// Another way to take the code section than its own.
    take_code: Option<TakeCode<S>>,
}

/// How what is there of the code section is taken: as [`CodeSection::take`] does.
pub type TakeCode<S> = Box<
    dyn Fn(&mut CodeSection, &[u8], u64, &mut Validator, &ModuleInfo, &mut Buffers, &mut S) -> CompileResult<Taken>
        + Send
        + Sync,
>;

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
        Frontend::with_code(sink, None)
    }

    /// The same, perhaps with another way to take the code section.
    pub fn with_code(sink: S, take_code: Option<TakeCode<S>>) -> Frontend<S> {
        let mut parser = Parser::new(0);
        parser.set_features(features::ACCEPTED);
        Frontend {
            parser,
            validator: Validator::new_with_features(features::ACCEPTED),
            pending: Vec::new(),
            lacking: 0,
            received: 0,
            code: None,
            error: None,
            module: Module {
                info: ModuleInfo::default(),
                announced: false,
                sink,
                buffers: Buffers::default(),
                take_code,
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

    /// How many bytes have arrived that are not used yet and are therefore held.
    pub fn held(&self) -> usize {
        self.pending.len()
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
        let pending = mem::take(&mut self.pending);
        if self.payloads(&pending)?.0 != pending.len() || self.code.is_some() {
            return Err(CompileError::UnexpectedEnd { offset: self.received });
        }
        loop {
            match self.parser.parse(&[], true) {
                Ok(Chunk::Parsed { payload: Payload::End(offset), .. }) => {
                    self.validator.end(offset)?;
                    self.module.announce();
                    return Ok((self.module.info, self.module.sink));
                }
                Ok(Chunk::Parsed { payload, .. }) => {
                    self.module.payload(&mut self.validator, payload)?;
                }
                Ok(Chunk::NeedMoreData(_)) => return Err(CompileError::UnexpectedEnd { offset: self.received }),
                Err(error) if refusal::is_cut_off(&error) => {
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
        // First complete what is pending with just the bytes that it lacks, ...
        while !self.pending.is_empty() && !bytes.is_empty() {
            let (more, rest) = bytes.split_at(self.lacking.min(bytes.len()));
            self.pending.extend_from_slice(more);
            self.received += more.len() as u64;
            self.lacking -= more.len();
            bytes = rest;
            if self.lacking == 0 {
                let mut pending = mem::take(&mut self.pending);
                let (used, lacking) = self.payloads(&pending)?;
                pending.drain(..used);
                (self.pending, self.lacking) = (pending, lacking);
            }
        }
        // ... then take what is whole where it lies.
        if !bytes.is_empty() {
            self.received += bytes.len() as u64;
            let (used, lacking) = self.payloads(bytes)?;
            self.pending.extend_from_slice(&bytes[used..]);
            self.lacking = lacking;
        }
        Ok(())
    }

    /// Takes what is whole among the last bytes received; how many bytes that is, and how many more are
    /// lacking before it is worth to look at the rest again.
    fn payloads(&mut self, bytes: &[u8]) -> CompileResult<(usize, usize)> {
        let start = self.received - bytes.len() as u64;
        let mut used = 0;
        // An empty code section ends where it starts.
        while used < bytes.len() || self.code.is_some() {
            let rest = &bytes[used..];
            if let Some(code) = &mut self.code {
                match self.module.code(&mut self.validator, code, rest, start + used as u64)? {
                    Taken::Part(taken, lacking) => return Ok((used + taken, lacking)),
                    Taken::Whole(taken) => {
                        used += taken;
                        self.code = None;
                        // What else is large, like data, comes later.
                        self.module.buffers = Buffers::default();
                    }
                }
                continue;
            }
            match self.parser.parse(rest, false)? {
                Chunk::NeedMoreData(lacking) => return Ok((used, lacking.max(1))),
                Chunk::Parsed { consumed, payload } => {
                    self.code = self.module.payload(&mut self.validator, payload)?;
                    if self.code.is_some() {
                        self.parser.skip_section();
                    }
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

    /// A section that is not code, or the start of the code section, which is then returned.
    fn payload(&mut self, validator: &mut Validator, payload: Payload<'_>) -> CompileResult<Option<CodeSection>> {
        validator.payload(&payload)?;
        // The sink is told all that comes before code, and data segments come after.
        if matches!(payload, Payload::CodeSectionStart { .. } | Payload::DataSection(_)) {
            self.announce();
        }
        if let Payload::CodeSectionStart { count, unchecked_range, .. } = payload {
            return Ok(Some(CodeSection::new(count, unchecked_range)));
        }
        sections::declare(&mut self.info, payload).map(|()| None)
    }

    fn code(
        &mut self,
        validator: &mut Validator,
        section: &mut CodeSection,
        bytes: &[u8],
        offset: u64,
    ) -> CompileResult<Taken> {
        let Module { info, buffers, sink, take_code, .. } = self;
        match take_code {
            Some(take) => take(section, bytes, offset, validator, info, buffers, sink),
            None => section.take(bytes, offset, validator, info, buffers, sink),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_operator_in_pieces_is_looked_at_seldom() {
        let table = "0 ".repeat(100_000);
        let wasm =
            wat::parse_str(format!("(module (func (br_table {table} (i32.const 0))))")).expect("well-formed text");
        let mut frontend = Frontend::new(());
        let (mut looks, mut most) = (0, 0);
        for byte in &wasm {
            looks += usize::from(frontend.lacking <= 1);
            frontend.push(&[*byte]).expect("a valid module");
            most = most.max(frontend.lacking);
        }
        // Once for each of the bytes around the table, then each time that it has doubled.
        assert!(looks < 150, "{looks}");
        assert!(most > 10_000, "{most}");
        frontend.finish().expect("a valid module");
    }
}
