//! The code section: one function after the other, each compiled while its bytes arrive.

use std::mem;
use std::ops::Range;

use wasmparser::{BinaryReader, FuncToValidate, FuncValidatorAllocations, FunctionBody, Validator, ValidatorResources};

use crate::error::{CompileError, CompileResult};
use crate::microwasm::Sink;
use crate::microwasm::lower::LowerState;
use crate::wasm::body::Body;
use crate::wasm::module::ModuleInfo;
use crate::wasm::{features, refusal};

/// The most bytes that a function's body may have: the limit that engines agree on (WebAssembly JavaScript
/// Interface, "Implementation-defined Limits").
const MAX_BODY_SIZE: u32 = 7_654_321;

/// Up to this many bytes, what is cut off is tried again with each byte that comes. All operators but `br_table`
/// are shorter.
const SHORT: usize = 32;

/// A code section whose bytes are arriving.
pub struct CodeSection {
    /// How many functions have not begun.
    functions: u32,
    /// The byte offset behind its last byte.
    end: u64,
    /// The function that has begun.
    body: Option<Body>,
}

/// What is used again for each function.
#[derive(Default)]
pub struct Buffers {
    pub(super) allocations: FuncValidatorAllocations,
    pub(super) state: LowerState,
}

/// What came of some bytes.
pub enum Taken {
    /// So many were used and the section is complete.
    Whole(usize),
    /// So many were used, and so many more than there are should come before the rest is tried again.
    Part(usize, usize),
}

impl CodeSection {
    /// A section of so many functions that has these byte offsets, from its first function on.
    pub fn new(functions: u32, range: Range<u64>) -> CodeSection {
        CodeSection { functions, end: range.end, body: None }
    }

    /// Validates and lowers what is whole among these bytes, which start at this offset.
    ///
    /// # Errors
    ///
    /// If the section is malformed, invalid, unsupported or too large. The sink may then have seen a part
    /// of it.
    pub fn take<S: Sink>(
        &mut self,
        bytes: &[u8],
        offset: u64,
        validator: &mut Validator,
        info: &ModuleInfo,
        buffers: &mut Buffers,
        sink: &mut S,
    ) -> CompileResult<Taken> {
        let mut used = 0;
        loop {
            let (rest, at) = (&bytes[used..], offset + used as u64);
            let Some(body) = &mut self.body else {
                if self.functions == 0 {
                    return self.complete(at).map(|()| Taken::Whole(used));
                }
                let Some((size_len, size)) = self.body_size(rest, at)? else {
                    return Ok(Taken::Part(used, 1));
                };
                used += size_len;
                let start = at + size_len as u64;
                let function = self.begin(start, validator)?;
                let validator = function.into_validator(mem::take(&mut buffers.allocations));
                let range = start..start + u64::from(size);
                self.body = Some(Body::begin(validator, range, info, &mut buffers.state, sink));
                continue;
            };
            let taken = body.take(rest, at, info, &mut buffers.state, sink)?;
            used += taken;
            if at + taken as u64 != body.end() {
                return Ok(Taken::Part(used, worth_waiting_for(rest.len() - taken)));
            }
            if let Some(body) = self.body.take() {
                buffers.allocations = body.into_validator().into_allocations();
            }
        }
    }

    /// The next function's body has this byte offset.
    fn begin(&mut self, offset: u64, validator: &mut Validator) -> CompileResult<FuncToValidate<ValidatorResources>> {
        // The validator asks a body only for its offset.
        let header = FunctionBody::new(BinaryReader::new_features(&[], offset, features::ACCEPTED));
        let function = validator.code_section_entry(&header)?;
        self.functions -= 1;
        Ok(function)
    }

    /// How many bytes it has from this offset on, if no function is at work.
    #[cfg(feature = "parallel")]
    pub(super) fn rest(&self, offset: u64) -> Option<u64> {
        self.body.is_none().then(|| self.end - offset)
    }

    /// The next function, if there is one, and where its body is among these bytes, which reach to the section's end.
    ///
    /// # Errors
    ///
    /// If there is no room for its body, or it is too large.
    #[cfg(feature = "parallel")]
    pub(super) fn next_function(
        &mut self,
        bytes: &[u8],
        offset: u64,
        validator: &mut Validator,
    ) -> CompileResult<Option<(FuncToValidate<ValidatorResources>, Range<usize>)>> {
        if self.functions == 0 {
            return Ok(None);
        }
        let (start, size) = self.body_size(bytes, offset)?.expect("the section is there");
        let function = self.begin(offset + start as u64, validator)?;
        Ok(Some((function, start..start + size as usize)))
    }

    /// The size of the next function's body and how many bytes say so, if they are all there.
    fn body_size(&self, bytes: &[u8], offset: u64) -> CompileResult<Option<(usize, u32)>> {
        let left = self.end - offset;
        let too_short = || CompileError::Invalid { offset, message: "unexpected end-of-file".to_string() };
        let bytes = usize::try_from(left).map_or(bytes, |left| &bytes[..left.min(bytes.len())]);
        let mut reader = BinaryReader::new(bytes, offset);
        let size = match reader.read_var_u32() {
            Err(error) if refusal::is_cut_off(&error) && (bytes.len() as u64) < left => return Ok(None),
            Err(error) if refusal::is_cut_off(&error) => return Err(too_short()),
            size => size?,
        };
        let len = reader.current_position();
        if u64::from(size) > left - len as u64 {
            return Err(too_short());
        }
        if size > MAX_BODY_SIZE {
            let offset = offset + len as u64;
            return Err(CompileError::Limit { offset, limit: "bytes of a function's body" });
        }
        Ok(Some((len, size)))
    }

    pub(super) fn complete(&self, offset: u64) -> CompileResult<()> {
        if offset != self.end {
            return Err(CompileError::Invalid { offset, message: "trailing bytes at end of section".to_string() });
        }
        Ok(())
    }
}

/// How many bytes more to wait for behind an operator of which there are so many. A long one is read from its
/// start each time, so their number doubles to keep that linear.
fn worth_waiting_for(held: usize) -> usize {
    if held < SHORT { 1 } else { held }
}
