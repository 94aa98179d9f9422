//! The same module with something else in the place of some sections and function bodies. It need not be valid.

use super::fuel::RewriteError;
use wasm_encoder::{CodeSection, Module, RawSection};
use wasmparser::{BinaryReaderError, FunctionBody, Parser, Payload};

impl From<BinaryReaderError> for RewriteError {
    fn from(error: BinaryReaderError) -> RewriteError {
        RewriteError::Malformed(error.to_string())
    }
}

/// Copies a module. `section` says of each section but the code whether it has put another one there itself; `body`
/// gives the bytes of another body, its locals included, for those that do not stay.
///
/// # Errors
///
/// If the module is malformed, and those of `section` and `body`.
pub fn rebuild<'a>(
    wasm: &'a [u8],
    mut section: impl FnMut(&mut Module, Payload<'a>) -> Result<bool, RewriteError>,
    mut body: impl FnMut(u32, &FunctionBody<'a>) -> Result<Option<Vec<u8>>, RewriteError>,
) -> Result<Vec<u8>, RewriteError> {
    let (mut module, mut code) = (Module::new(), CodeSection::new());
    let (mut bodies, mut count) = (0, 0);
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        let raw = payload.as_section();
        match payload {
            Payload::CodeSectionStart { count: all, .. } => {
                count = all;
                if count == 0 {
                    module.section(&code);
                }
            }
            Payload::CodeSectionEntry(old) => {
                let range = old.range().start as usize..old.range().end as usize;
                match body(bodies, &old)? {
                    Some(new) => code.raw(&new),
                    None => code.raw(&wasm[range]),
                };
                bodies += 1;
                if bodies == count {
                    module.section(&code);
                }
            }
            other => {
                if let Some((id, range)) = raw
                    && !section(&mut module, other)?
                {
                    module.section(&RawSection { id, data: &wasm[range.start as usize..range.end as usize] });
                }
            }
        }
    }
    Ok(module.finish())
}
